import { X509Certificate } from 'node:crypto';
import type { BasicConstraints, Certificate as ParsedCertificate, Extension, ExtKeyUsage } from 'pkijs';
import { sha256Hex } from '../../store.js';
import { isSignedBy, schemeOf } from './algorithms.js';
import type { Scheme } from './algorithms.js';
import type { Pki } from './load.js';

/** The parts of a certificate that path validation needs. */
export interface Certificate {
  readonly x509: X509Certificate;
  readonly der: Buffer;
  readonly sha256: string;
  /** On one line, most specific first. */
  readonly subject: string;
  /** The organisations that it names; if it names none, the common names. */
  readonly names: readonly string[];
  /** Lower-case hex without leading zeros. */
  readonly serial: string;
  readonly subjectDer: Buffer;
  readonly issuerDer: Buffer;
  readonly keyId: string | null;
  /** The bits of the public key, as OCSP and key identifiers hash them. */
  readonly publicKeyBits: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly isAuthority: boolean;
  /** How many authorities may be below it; null for any number. */
  readonly pathLength: number | null;
  /** null if the certificate does not restrict them. */
  readonly keyUsages: ReadonlySet<KeyUsage> | null;
  readonly extendedKeyUsages: ReadonlySet<string>;
  /** Object identifiers of unknown critical extensions: a certificate that has any must be refused. */
  readonly unknownCritical: readonly string[];
  readonly scheme: Scheme | undefined;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

const KEY_USAGES = ['digitalSignature', 'nonRepudiation', '', '', '', 'keyCertSign', 'cRLSign'] as const;
export type KeyUsage = Exclude<(typeof KEY_USAGES)[number], ''>;

export const EXTENDED_USAGE = { timeStamping: '1.3.6.1.5.5.7.3.8', ocspSigning: '1.3.6.1.5.5.7.3.9' } as const;

const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SUBJECT_KEY_ID = '2.5.29.14';
// Critical policies restrict nothing that is relied upon here; name constraints would, so they are not in this list.
const CERTIFICATE_POLICIES = '2.5.29.32';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const UNDERSTOOD: ReadonlySet<string> = new Set([
  BASIC_CONSTRAINTS,
  KEY_USAGE,
  EXTENDED_KEY_USAGE,
  SUBJECT_KEY_ID,
  CERTIFICATE_POLICIES,
  SUBJECT_ALTERNATIVE_NAME,
]);

/** Parses one DER certificate; undefined if the bytes are not exactly one certificate. */
export function parseCertificate(pki: Pki, der: Buffer): Certificate | undefined {
  try {
    const x509 = new X509Certificate(der);
    if (!x509.raw.equals(der)) {
      return undefined;
    }
    return describe(pki, x509, pki.pkijs.Certificate.fromBER(der));
  } catch {
    return undefined;
  }
}

function describe(pki: Pki, x509: X509Certificate, parsed: ParsedCertificate): Certificate {
  const extensions = parsed.extensions ?? [];
  const constraints = valueOf(extensions, BASIC_CONSTRAINTS) as BasicConstraints | undefined;
  return {
    x509,
    der: x509.raw,
    sha256: sha256Hex(x509.raw),
    subject: x509.subject.split('\n').reverse().join(', '),
    names: namesIn(x509.subject),
    serial: serialHex(parsed.serialNumber.valueBlock.valueHexView),
    subjectDer: Buffer.from(parsed.subject.valueBeforeDecode),
    issuerDer: Buffer.from(parsed.issuer.valueBeforeDecode),
    keyId: keyIdOf(extensions),
    publicKeyBits: Buffer.from(parsed.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView),
    notBefore: parsed.notBefore.value,
    notAfter: parsed.notAfter.value,
    isAuthority: constraints?.cA === true,
    pathLength: typeof constraints?.pathLenConstraint === 'number' ? constraints.pathLenConstraint : null,
    keyUsages: keyUsagesOf(extensions),
    extendedKeyUsages: new Set((valueOf(extensions, EXTENDED_KEY_USAGE) as ExtKeyUsage | undefined)?.keyPurposes ?? []),
    unknownCritical: extensions
      .filter(({ critical, extnID }) => critical && !UNDERSTOOD.has(extnID))
      .map(({ extnID }) => extnID),
    scheme: schemeOf(pki, parsed.signatureAlgorithm),
    signed: parsed.tbsView,
    signature: parsed.signatureValue.valueBlock.valueHexView,
  };
}

function namesIn(subject: string): readonly string[] {
  const parts = subject.split('\n');
  const named = (type: string) => parts.filter((part) => part.startsWith(type)).map((part) => part.slice(type.length));
  const organisations = named('O=');
  return organisations.length > 0 ? organisations : named('CN=');
}

/** Whether this issuer's key signed the certificate, and names and key identifiers match. */
export function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  const { scheme, signed, signature } = certificate;
  return (
    scheme !== undefined &&
    certificate.x509.checkIssued(issuer.x509) &&
    isSignedBy(scheme, issuer.x509.publicKey, signed, signature)
  );
}

/** Valid from its first second to its last. */
export function isValidAt({ notBefore, notAfter }: Certificate, time: Date): boolean {
  return notBefore <= time && time <= notAfter;
}

/** Whether the certificate allows one of these uses; one that restricts nothing allows all. */
export function allows({ keyUsages }: Certificate, ...uses: readonly KeyUsage[]): boolean {
  return keyUsages === null || uses.some((use) => keyUsages.has(use));
}

/** A serial number as text that can be compared: DER may pad it with a zero byte. */
export function serialHex(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^0+(?=.)/, '');
}

/** A bit string or octet string. */
interface Bytes {
  readonly valueBlock: { readonly valueHexView: Uint8Array };
}

function valueOf(extensions: readonly Extension[], oid: string): unknown {
  return extensions.find(({ extnID }) => extnID === oid)?.parsedValue;
}

function keyUsagesOf(extensions: readonly Extension[]): ReadonlySet<KeyUsage> | null {
  const bits = valueOf(extensions, KEY_USAGE) as Bytes | undefined;
  if (!bits) {
    return null;
  }
  const first = bits.valueBlock.valueHexView[0] ?? 0;
  return new Set(KEY_USAGES.filter((use, index): use is KeyUsage => use !== '' && (first & (0x80 >> index)) !== 0));
}

function keyIdOf(extensions: readonly Extension[]): string | null {
  const id = valueOf(extensions, SUBJECT_KEY_ID) as Bytes | undefined;
  return id ? Buffer.from(id.valueBlock.valueHexView).toString('hex') : null;
}
