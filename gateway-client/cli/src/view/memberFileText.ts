import { X509Certificate } from 'node:crypto';
import { printable } from '@tracecal/gateway-client';
import { foundingFingerprint } from '@tracecal/network/member';
import type { MemberSignature, PublicMsp, ReadMemberFile } from '@tracecal/network/member';
import type { Style } from '../style.js';
import { hanging } from '../text/wrap.js';

/** What a member's file says. Its signature was checked, and nothing else of it. */
export function memberFileText({ content, digest }: ReadMemberFile, style: Style): string {
  const { member, consortium, description, msp, administrator, orderer } = content;
  const lines = [
    `for the description with digest ${description}`,
    ...mspLines('its', msp),
    certificateLine('administrator, who signed this file', administrator),
    ...(orderer === null
      ? ['it runs no orderer']
      : [
          `it runs the orderer ${orderer.name}`,
          ...mspLines("its orderer's", orderer.msp),
          certificateLine("orderer's signing key", orderer.identity),
          certificateLine("orderer's TLS key", orderer.tls),
        ]),
    `SHA-256 of what is signed: ${digest}`,
    'not checked: whether this is really from that member, and fits the description and the other members',
  ];
  return [style.bold(`Public material of ${member}, to found ${consortium}`), ...indented(lines, style)].join('\n');
}

/** What a signature file says. Without the member's own file, nobody can check the signature. */
export function memberSignatureText(
  { member, consortium, description, founding }: MemberSignature,
  style: Style,
): string {
  const lines = [
    `of the founding ${foundingFingerprint(founding)} (SHA-256 ${founding})`,
    `for the description with digest ${description}`,
    "not checked: the signature itself, for which the member's file is needed",
  ];
  return [style.bold(`Signature of ${member} to found ${consortium}`), ...indented(lines, style)].join('\n');
}

function mspLines(whose: string, { id, domain, ca, tlsCa }: PublicMsp): readonly string[] {
  return [
    `${whose} MSP is ${id}, with nodes in ${domain}`,
    certificateLine(`CA of ${id}`, ca),
    certificateLine(`TLS CA of ${id}`, tlsCa),
  ];
}

function certificateLine(what: string, base64: string): string {
  try {
    const { subject, validTo, fingerprint256 } = new X509Certificate(Buffer.from(base64, 'base64'));
    const digest = fingerprint256.replaceAll(':', '').toLowerCase();
    const name = /^CN=(.*)$/m.exec(subject)?.[1] ?? 'nobody';
    return `${what}: ${name}, valid until ${validTo}, SHA-256 ${digest}`;
  } catch {
    return `${what}: cannot be read as a certificate`;
  }
}

function indented(lines: readonly string[], style: Style): readonly string[] {
  return lines.flatMap((line) => hanging('  ', style.text(printable(line)), style.columns));
}
