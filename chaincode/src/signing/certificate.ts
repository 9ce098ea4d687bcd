import { createHash, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { RegistryError } from '../model/errors.js';
import { Memo } from '../model/memo.js';
import { instantOf, dateOf } from '../model/time.js';
import type { CalendarDate } from '../model/time.js';
import { derChildren, expectTag, oidText, readDer, TAG } from './der.js';
import type { DerValue } from './der.js';
import { isLowSDer } from './ecdsa.js';

/** What a certificate of the calibration chain may do. */
export type CertificateRole = 'organisation' | 'technician' | 'device';

/** A certificate of the calibration chain (X.509, ECDSA P-256) that keeps to the profile of its role. */
export interface CalibrationCertificate {
  readonly sha256: string;
  readonly publicKey: KeyObject;
  readonly notBefore: CalendarDate;
  readonly notAfter: CalendarDate;
  /** How many CA certificates may follow below it; null: any number. */
  readonly pathLength: number | null;
  readonly x509: X509Certificate;
}

const OID = { basicConstraints: '2.5.29.19', keyUsage: '2.5.29.15' } as const;
/** Extensions that are understood; another one that is critical makes the certificate unusable (RFC 5280, 4.2). */
const UNDERSTOOD = new Set<string>([OID.basicConstraints, OID.keyUsage, '2.5.29.14', '2.5.29.35', '2.5.29.17']);

const BIT_DIGITAL_SIGNATURE = 0x80;
const BIT_KEY_CERT_SIGN = 0x04;
const BIT_CRL_SIGN = 0x02;

const profiles: Readonly<
  Record<CertificateRole, { readonly ca: boolean; readonly maxPathLength: number | null; readonly keyUsage: number }>
> = {
  organisation: { ca: true, maxPathLength: null, keyUsage: BIT_KEY_CERT_SIGN | BIT_CRL_SIGN },
  // A technician certifies devices and nothing below them.
  technician: { ca: true, maxPathLength: 0, keyUsage: BIT_KEY_CERT_SIGN | BIT_CRL_SIGN | BIT_DIGITAL_SIGNATURE },
  device: { ca: false, maxPathLength: null, keyUsage: BIT_DIGITAL_SIGNATURE },
};

/** One a role: the certificate's text is the key as it stands, which the engine hashes only once. */
const parsedCertificates: Readonly<Record<CertificateRole, Memo<CalibrationCertificate | RegistryError>>> = {
  organisation: new Memo(1024),
  technician: new Memo(4096),
  device: new Memo(16_384),
};
/** By certificate and issuer, for as long as both are remembered above. */
const issuances = new WeakMap<CalibrationCertificate, WeakMap<CalibrationCertificate, boolean>>();

/**
 * Reads a certificate (DER in base64) that is to play a role in the calibration chain.
 * @throws RegistryError `CERTIFICATE_INVALID` if it is malformed, not ECDSA P-256, or breaks the profile of the role.
 */
export function readCertificate(base64: string, role: CertificateRole): CalibrationCertificate {
  const answer = parsedCertificates[role].get(base64, () => {
    try {
      return parseCertificate(Buffer.from(base64, 'base64'), role);
    } catch (error) {
      return error instanceof RegistryError ? error : unreadable();
    }
  });
  if (answer instanceof RegistryError) {
    throw answer;
  }
  return answer;
}

/** Whether `issuer`'s key signed `certificate` under the issuer's name, with a low-S signature. */
export function isIssuedBy(certificate: CalibrationCertificate, issuer: CalibrationCertificate): boolean {
  const known = issuances.get(certificate) ?? new WeakMap<CalibrationCertificate, boolean>();
  const answer = known.get(issuer) ?? certifies(issuer, certificate);
  issuances.set(certificate, known.set(issuer, answer));
  return answer;
}

function certifies(issuer: CalibrationCertificate, { x509 }: CalibrationCertificate): boolean {
  return (
    x509.issuer === issuer.x509.subject &&
    x509.checkIssued(issuer.x509) &&
    isLowSDer(signatureOf(x509.raw)) &&
    x509.verify(issuer.publicKey)
  );
}

/** Whether the certificate is valid on that day. Days, because that is what reports state. */
export function isValidOn(certificate: CalibrationCertificate, day: CalendarDate): boolean {
  return certificate.notBefore <= day && day <= certificate.notAfter;
}

function parseCertificate(der: Buffer, role: CertificateRole): CalibrationCertificate {
  const x509 = new X509Certificate(der);
  // A lenient parser may accept trailing bytes: two encodings of one certificate would have two fingerprints.
  if (!x509.raw.equals(der)) {
    throw unreadable();
  }
  if (x509.publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new RegistryError('CERTIFICATE_INVALID', `the ${role} certificate's key is not ECDSA P-256.`);
  }
  const extensions = readExtensions(der);
  checkProfile(extensions, role);
  return {
    sha256: createHash('sha256').update(der).digest('hex'),
    publicKey: x509.publicKey,
    notBefore: dateOf(instantOf(Date.parse(x509.validFrom))),
    notAfter: dateOf(instantOf(Date.parse(x509.validTo))),
    pathLength: basicConstraints(extensions.get(OID.basicConstraints)?.value).pathLength,
    x509,
  };
}

function checkProfile(extensions: ReadonlyMap<string, Extension>, role: CertificateRole): void {
  const problem = profileProblem(extensions, role);
  if (problem !== undefined) {
    throw new RegistryError('CERTIFICATE_INVALID', `the ${role} certificate ${problem}.`);
  }
}

function profileProblem(extensions: ReadonlyMap<string, Extension>, role: CertificateRole): string | undefined {
  const profile = profiles[role];
  const unknown = [...extensions].find(([oid, { critical }]) => critical && !UNDERSTOOD.has(oid));
  if (unknown) {
    return `has a critical extension (${unknown[0]}) that is not understood`;
  }
  const { ca, pathLength } = basicConstraints(extensions.get(OID.basicConstraints)?.value);
  if (ca !== profile.ca) {
    return profile.ca
      ? 'is not a CA certificate (basicConstraints)'
      : 'must not be a CA certificate (basicConstraints)';
  }
  if (profile.maxPathLength !== null && pathLength !== profile.maxPathLength) {
    return `must have a path length of ${profile.maxPathLength} (basicConstraints)`;
  }
  return keyUsage(extensions.get(OID.keyUsage)?.value) === profile.keyUsage
    ? undefined
    : 'has a keyUsage that does not fit its role';
}

interface Extension {
  readonly critical: boolean;
  readonly value: Buffer;
}

function readExtensions(der: Buffer): ReadonlyMap<string, Extension> {
  const [tbs] = derChildren(readDer(der, TAG.sequence));
  const wrapped = derChildren(expectTag(tbs, TAG.sequence)).find(({ tag }) => tag === TAG.extensions);
  const extensions = new Map<string, Extension>();
  for (const value of wrapped ? derChildren(readDer(wrapped.content, TAG.sequence)) : []) {
    const [oid, extension] = readExtension(value);
    if (extensions.has(oid)) {
      throw unreadable();
    }
    extensions.set(oid, extension);
  }
  return extensions;
}

function readExtension(value: DerValue): [string, Extension] {
  const [oid, ...rest] = derChildren(expectTag(value, TAG.sequence));
  const { content } = expectTag(rest.at(-1), TAG.octetString);
  return [
    oidText(expectTag(oid, TAG.oid)),
    { critical: rest.length === 2 && rest[0]?.content[0] === 0xff, value: content },
  ];
}

function basicConstraints(value: Buffer | undefined): { ca: boolean; pathLength: number | null } {
  if (!value) {
    return { ca: false, pathLength: null };
  }
  const parts = derChildren(readDer(value, TAG.sequence));
  const ca = parts[0]?.tag === TAG.boolean && parts[0].content[0] === 0xff;
  const length = parts.find(({ tag }) => tag === TAG.integer)?.content;
  if (length && (length.length !== 1 || (length[0] ?? 0x80) >= 0x80)) {
    throw unreadable();
  }
  return { ca, pathLength: length?.[0] ?? null };
}

function keyUsage(value: Buffer | undefined): number {
  return value ? (readDer(value, TAG.bitString).content[1] ?? 0) : 0;
}

function signatureOf(der: Buffer): Uint8Array {
  const [, , signature] = derChildren(readDer(der, TAG.sequence));
  return expectTag(signature, TAG.bitString).content.subarray(1);
}

function unreadable(): RegistryError {
  return new RegistryError('CERTIFICATE_INVALID', 'the certificate cannot be read as X.509 DER.');
}
