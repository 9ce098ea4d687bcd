import { hexText, latin1Text } from '@tracecal/core/platform';
import {
  DerError,
  derChildren,
  derTime,
  integerMagnitude,
  oidText,
  readDer,
  TAG,
  type DerValue,
} from '@tracecal/core/signing/der';
import { algorithmId, readName, readX509, type Extensions } from '@tracecal/core/signing/x509';
import { readPublicKey, sha256, type PublicKey } from '../crypto/index.js';
import { pemBytes } from './pem.js';

/** The parts of a certificate that Fabric's MSP checks, parsed once. Times are milliseconds since 1970. */
export interface Certificate {
  /** The whole certificate in DER. */
  readonly raw: Uint8Array;
  readonly publicKey: PublicKey;
  /** The part that its issuer signed. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
  /** Hash of the signed part, so the same certificate with a different encoding of its signature is still the same. */
  readonly fingerprint: string;
  readonly subject: Uint8Array;
  readonly issuer: Uint8Array;
  readonly serial: Uint8Array;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly organisationalUnits: readonly string[];
  readonly signatureAlgorithm: string;
  readonly extensions: CertificateExtensions;
}

export interface CertificateExtensions {
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
  /** Absent if there is no key usage extension; then every usage is allowed. */
  readonly keyUsage: number | undefined;
  readonly extendedKeyUsage: readonly string[];
  readonly subjectKeyId: Uint8Array | undefined;
  readonly hasNameConstraints: boolean;
  readonly unknownCritical: boolean;
}

/** First byte of the keyUsage bit string. */
export const KEY_CERT_SIGN = 0x04;

/** Issuer certificates are small; the limit prevents a hostile one from using much memory and time. */
const MAX_PEM_BYTES = 64 * 1024;

const ORGANISATIONAL_UNIT = '2.5.4.11';

/** Extensions whose meaning is known here, or that cannot change whether an MSP vouches for an identity. */
const KNOWN_EXTENSIONS = new Set([
  '2.5.29.14',
  '2.5.29.15',
  '2.5.29.17',
  '2.5.29.19',
  '2.5.29.30',
  '2.5.29.31',
  '2.5.29.32',
  '2.5.29.35',
  '2.5.29.37',
]);

/**
 * Parses the first certificate of a PEM text, as Fabric does; the rest is ignored.
 * @throws Error (of any class) if there is none: callers turn it into a coded refusal.
 */
export function parseCertificatePem(pem: Uint8Array): Certificate {
  const head = latin1Text(pem.subarray(0, MAX_PEM_BYTES));
  const begin = head.indexOf('-----BEGIN CERTIFICATE-----');
  const end = head.indexOf('-----END CERTIFICATE-----', begin);
  if (begin < 0 || end < 0) throw new DerError('there is no PEM certificate');
  const body = head.slice(begin + '-----BEGIN CERTIFICATE-----'.length, end);
  return parseCertificate(pemBytes(body));
}

/** @throws Error (of any class) when the bytes are not a certificate in DER. */
export function parseCertificate(der: Uint8Array): Certificate {
  const certificate = readX509(der);
  return {
    raw: der,
    publicKey: readPublicKey(certificate.publicKeyInfo),
    signed: certificate.toBeSigned,
    signature: certificate.signature,
    fingerprint: hexText(sha256(certificate.toBeSigned)),
    subject: certificate.subject.raw,
    issuer: certificate.issuer.raw,
    serial: integerMagnitude(certificate.serial),
    notBefore: derTime(certificate.notBefore),
    notAfter: derTime(certificate.notAfter),
    organisationalUnits: readName(certificate.subject)
      .flat()
      .filter(({ type }) => type === ORGANISATIONAL_UNIT)
      .map(({ value }) => nameText(value)),
    signatureAlgorithm: algorithmId(certificate.algorithm),
    extensions: understood(certificate.extensions ?? new Map()),
  };
}

function understood(extensions: Extensions): CertificateExtensions {
  const valueOf = (id: string): Uint8Array | undefined => extensions.get(id)?.value;
  const keyUsage = valueOf('2.5.29.15');
  const extendedKeyUsage = valueOf('2.5.29.37');
  const subjectKeyId = valueOf('2.5.29.14');
  return {
    ...basicConstraints(valueOf('2.5.29.19')),
    keyUsage: keyUsage && (readDer(keyUsage, TAG.bitString).content[1] ?? 0),
    extendedKeyUsage: extendedKeyUsage ? derChildren(readDer(extendedKeyUsage, TAG.sequence)).map(oidText) : [],
    subjectKeyId: subjectKeyId && readDer(subjectKeyId, TAG.octetString).content,
    hasNameConstraints: extensions.has('2.5.29.30'),
    unknownCritical: [...extensions].some(([id, { critical }]) => isTrue(critical) && !KNOWN_EXTENSIONS.has(id)),
  };
}

function basicConstraints(value: Uint8Array | undefined): { isCa: boolean; pathLength: number | undefined } {
  if (value === undefined) return { isCa: false, pathLength: undefined };
  const parts = derChildren(readDer(value, TAG.sequence));
  const isCa = parts[0]?.tag === TAG.boolean && isTrue(parts[0]);
  const limit = parts.find((part) => part.tag === TAG.integer);
  if (limit !== undefined && limit.content.length !== 1) throw new DerError('the path length is out of range');
  return { isCa, pathLength: limit?.content[0] };
}

/** DER omits a value of false. Go, and therefore Fabric, also accepts one that is written explicitly. */
function isTrue(value: DerValue | undefined): boolean {
  return value !== undefined && value.content[0] !== 0;
}

/** Invalid UTF-8 becomes replacement characters: such a unit matches no organisation's. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function nameText(value: DerValue): string {
  if (value.tag === TAG.bmpString) return bmpText(value.content);
  return utf8.decode(value.content);
}

/** Two bytes per character, the higher byte first. */
function bmpText(content: Uint8Array): string {
  if (content.length % 2 !== 0) throw new DerError('a BMPString has an odd length');
  let text = '';
  for (let index = 0; index < content.length; index += 2) {
    text += String.fromCharCode(((content[index] ?? 0) << 8) | (content[index + 1] ?? 0));
  }
  return text;
}
