import { hexText, latin1Text } from '@tracecal/core/platform';
import {
  DerError,
  derChildren,
  derTime,
  expectTag,
  integerMagnitude,
  oidText,
  readDer,
  TAG,
  type DerValue,
} from '@tracecal/core/signing/der';
import { publicKeyOf, sha256, type PublicKey } from '../crypto/index.js';
import { pemBytes } from './pem.js';

/** What Fabric's MSP looks at in a certificate, parsed once. Times are milliseconds since 1970. */
export interface Certificate {
  /** The whole certificate in DER. */
  readonly raw: Uint8Array;
  readonly publicKey: PublicKey;
  /** The part that its issuer signed. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
  /** Of the signed part, so the same certificate with another encoding of its signature is still the same. */
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
  /** Absent when there is no key usage extension; then nothing is ruled out. */
  readonly keyUsage: number | undefined;
  readonly extendedKeyUsage: readonly string[];
  readonly subjectKeyId: Uint8Array | undefined;
  readonly hasNameConstraints: boolean;
  readonly unknownCritical: boolean;
}

/** First byte of the keyUsage bit string. */
export const KEY_CERT_SIGN = 0x04;

/** Issuer certificates are small; a limit keeps a hostile one from costing memory and time. */
const MAX_PEM_BYTES = 64 * 1024;

const ORGANISATIONAL_UNIT = '2.5.4.11';

/** Extensions whose meaning is known here or cannot change whether an MSP vouches for somebody. */
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
 * Parses the first certificate of a PEM text, as Fabric does; what follows it is ignored.
 * @throws Error (of any class) when it is none: callers turn it into a coded refusal.
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
  const [tbs, algorithm, signature] = derChildren(readDer(der, TAG.sequence));
  const fields = derChildren(expectTag(tbs, TAG.sequence));
  if (fields[0]?.tag === 0xa0) fields.shift();
  const [serial, , issuer, validity, subject] = fields;
  if (tbs === undefined || serial === undefined) throw new DerError('the certificate is empty');
  const [notBefore, notAfter] = derChildren(expectTag(validity, TAG.sequence));
  return {
    raw: der,
    publicKey: publicKeyOf(der),
    signed: tbs.raw,
    signature: expectTag(signature, TAG.bitString).content.subarray(1),
    fingerprint: hexText(sha256(tbs.raw)),
    subject: expectTag(subject, TAG.sequence).raw,
    issuer: expectTag(issuer, TAG.sequence).raw,
    serial: integerMagnitude(serial),
    notBefore: derTime(notBefore),
    notAfter: derTime(notAfter),
    organisationalUnits: organisationalUnits(expectTag(subject, TAG.sequence)),
    signatureAlgorithm: algorithmId(algorithm),
    extensions: readExtensions(fields.find((field) => field.tag === 0xa3)),
  };
}

/** The dotted identifier of an `AlgorithmIdentifier`. */
export function algorithmId(value: DerValue | undefined): string {
  const [oid] = derChildren(expectTag(value, TAG.sequence));
  return oidText(expectTag(oid, TAG.oid));
}

/** The extensions of a certificate or a revocation list, by dotted identifier. */
export function extensionMap(container: DerValue | undefined): Map<string, { critical: boolean; value: Uint8Array }> {
  const extensions = new Map<string, { critical: boolean; value: Uint8Array }>();
  if (container === undefined) return extensions;
  const [list] = derChildren(container);
  for (const extension of derChildren(expectTag(list, TAG.sequence))) {
    const parts = derChildren(expectTag(extension, TAG.sequence));
    const critical = parts[1]?.tag === TAG.boolean && parts[1].content[0] !== 0;
    const id = oidText(expectTag(parts[0], TAG.oid));
    if (extensions.has(id)) throw new DerError(`the extension ${id} appears twice`);
    extensions.set(id, { critical, value: expectTag(parts.at(-1), TAG.octetString).content });
  }
  return extensions;
}

function readExtensions(container: DerValue | undefined): CertificateExtensions {
  const extensions = extensionMap(container);
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
    unknownCritical: [...extensions].some(([id, { critical }]) => critical && !KNOWN_EXTENSIONS.has(id)),
  };
}

function basicConstraints(value: Uint8Array | undefined): { isCa: boolean; pathLength: number | undefined } {
  if (value === undefined) return { isCa: false, pathLength: undefined };
  const parts = derChildren(readDer(value, TAG.sequence));
  const isCa = parts[0]?.tag === TAG.boolean && parts[0].content[0] !== 0;
  const limit = parts.find((part) => part.tag === TAG.integer);
  if (limit !== undefined && limit.content.length !== 1) throw new DerError('the path length is out of range');
  return { isCa, pathLength: limit?.content[0] };
}

function organisationalUnits(name: DerValue): string[] {
  const units: string[] = [];
  for (const relative of derChildren(name)) {
    for (const attribute of derChildren(expectTag(relative, TAG.set))) {
      const [type, value] = derChildren(expectTag(attribute, TAG.sequence));
      if (type === undefined || value === undefined) throw new DerError('a name attribute is incomplete');
      if (oidText(type) === ORGANISATIONAL_UNIT) units.push(nameText(value));
    }
  }
  return units;
}

/** Bytes that are no UTF-8 become replacement characters: such a unit is nobody's. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function nameText(value: DerValue): string {
  if (value.tag === TAG.bmpString) return bmpText(value.content);
  return utf8.decode(value.content);
}

/** Two bytes a character, the higher one first. */
function bmpText(content: Uint8Array): string {
  if (content.length % 2 !== 0) throw new DerError('a BMPString has an odd length');
  let text = '';
  for (let index = 0; index < content.length; index += 2) {
    text += String.fromCharCode(((content[index] ?? 0) << 8) | (content[index + 1] ?? 0));
  }
  return text;
}
