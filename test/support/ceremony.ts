import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson, parseJson } from '@tracecal/core/model';
import { jwsPayload, jwsSignature, signingInput } from '@tracecal/core/signing';
import { signP256 } from '@tracecal/core/signing/node';
import {
  assembleFounding,
  foundingSignature,
  initMember,
  keepAgreement,
  memberFileText,
  type GivenFile,
  type MemberFile,
  type MemberSignature,
  type OwnPart,
} from '@tracecal/network/member';
import { loadSigningIdentity, memberTree } from '@tracecal/network/pki';
import type { Consortium } from '@tracecal/network/topology';

/** A founding ceremony up to the members' files: a data directory of its own for each member. */
export interface Ceremony {
  readonly root: string;
  readonly owns: readonly OwnPart[];
  readonly files: readonly GivenFile[];
}

/** The text of a description: JSON is YAML. */
export function descriptionText(consortium: Consortium): string {
  return JSON.stringify(consortium, undefined, 2);
}

export async function ceremonyOf(consortium: Consortium, name = 'ceremony'): Promise<Ceremony> {
  const root = mkdtempSync(join(tmpdir(), `tracecal-${name}-`));
  const owns: OwnPart[] = [];
  for (const { id } of consortium.organisations) {
    owns.push(await initMember(join(root, id), descriptionText(consortium), id));
  }
  const files = owns.map((own) => ({ name: `${own.member.id}.json`, text: memberFileText(own) }));
  return { root, owns, files };
}

/** The fingerprint that each member gets from the files. */
export function fingerprintsOf({ owns, files }: Ceremony): readonly string[] {
  return owns.map((own) => assembleFounding(own, files).fingerprint);
}

/** Brings a ceremony to its end: every member has assembled the files, and keeps the signatures of all. */
export function agree(ceremony: Ceremony): void {
  fingerprintsOf(ceremony);
  const signatures = ceremony.owns.map((own) => ({ name: `${own.member.id}.sig`, text: foundingSignature(own).text }));
  for (const own of ceremony.owns) keepAgreement(own, signatures);
}

/** What a member's file states. */
export function contentOf(file: GivenFile): MemberFile {
  return payloadOf(file) as MemberFile;
}

/** What a member's signature of a founding states. */
export function signatureIn(file: GivenFile): MemberSignature {
  return payloadOf(file) as MemberSignature;
}

function payloadOf({ text }: GivenFile): unknown {
  const { payload } = parseJson(text) as unknown as { payload: string };
  return parseJson(Buffer.from(payload, 'base64url').toString('utf8'));
}

/** A file with this content that a member's administrator signed: what an insider can do with its own keys. */
export function signedBy(own: OwnPart, content: object, member: string = own.member.id): GivenFile {
  const { directory, member: signer } = own;
  const key = loadSigningIdentity(memberTree(directory.cryptoDir, signer).user('Admin').msp, signer.mspId).privateKey;
  const [kid, payload] = [`member:${member}`, jwsPayload(content)];
  const signature = jwsSignature(kid, signP256(key, signingInput(kid, payload)));
  return { name: `${member}.json`, text: `${canonicalJson({ payload, signatures: [signature] })}\n` };
}
