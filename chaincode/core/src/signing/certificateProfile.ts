import { hexText, latin1Text } from '#platform';
import { IDENTIFIER } from '../model/identifiers.js';
import { dateOf, instantOf } from '../model/time.js';
import type { CalendarDate } from '../model/time.js';
import { sameBytes } from '../platform/bytes.js';
import { pointOf } from '../platform/p256Key.js';
import { derChildren, derTime, expectTag, positiveMagnitude, readDer, TAG } from './der.js';
import type { DerValue } from './der.js';
import { readName, readX509, X509Error } from './x509.js';
import type { Extensions, NameAttribute } from './x509.js';

/**
 * The one profile of calibration certificates, read from the DER itself: what a library or its security level accepts differs
 * between versions, and endorsers must agree on every certificate. Whatever is not written down here is refused.
 */

/** What a certificate of the calibration chain may do. */
export type CertificateRole = 'organisation' | 'technician' | 'officer' | 'device';

/** The content of a certificate that keeps to the profile of its role. Nobody's signature has been verified yet. */
export interface CertificateContent {
  /** The organisation that the subject names (O). */
  readonly organisation: string;
  /** The holder's own id, which the subject names (CN). */
  readonly id: string;
  /** The serial number in lower-case hexadecimal, without a sign byte. */
  readonly serial: string;
  /** DER of the names in hexadecimal: names are equal if their bytes are. */
  readonly issuerName: string;
  readonly subjectName: string;
  readonly notBefore: CalendarDate;
  readonly notAfter: CalendarDate;
  /** How many CA certificates may follow below it; null: any number. */
  readonly pathLength: number | null;
  /** DER of the SubjectPublicKeyInfo. A key has only one in this profile. */
  readonly publicKeyInfo: Uint8Array;
  /** What the issuer signed, and the signature in DER. */
  readonly toBeSigned: Uint8Array;
  readonly signature: Uint8Array;
}

interface RoleProfile {
  /** The role of those who certify it. */
  readonly certifier: CertificateRole;
  readonly ca: boolean;
  readonly pathLength: number | null;
  readonly keyUsage: number;
}

const DIGITAL_SIGNATURE = 0x80;
const CONTENT_COMMITMENT = 0x40;
const KEY_CERT_SIGN = 0x04;
const CRL_SIGN = 0x02;

export const profiles: Readonly<Record<CertificateRole, RoleProfile>> = {
  organisation: { certifier: 'organisation', ca: true, pathLength: null, keyUsage: KEY_CERT_SIGN | CRL_SIGN },
  // A technician certifies devices and nothing below them.
  technician: {
    certifier: 'organisation',
    ca: true,
    pathLength: 0,
    keyUsage: DIGITAL_SIGNATURE | KEY_CERT_SIGN | CRL_SIGN,
  },
  // An officer signs in the organisation's name, so that the organisation's own key can stay offline.
  officer: {
    certifier: 'organisation',
    ca: false,
    pathLength: null,
    keyUsage: DIGITAL_SIGNATURE | CONTENT_COMMITMENT,
  },
  device: { certifier: 'technician', ca: false, pathLength: null, keyUsage: DIGITAL_SIGNATURE },
};

const OID = {
  organisation: '2.5.4.10',
  commonName: '2.5.4.3',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
} as const;

const VERSION_3 = Uint8Array.of(0xa0, 3, TAG.integer, 1, 2);
/** ecdsa-with-SHA256, without parameters. */
const SIGNATURE_ALGORITHM = Uint8Array.of(0x30, 10, TAG.oid, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);
const TRUE = Uint8Array.of(TAG.boolean, 1, 0xff);
const MAX_SERIAL_BYTES = 20;
/** RFC 5280, 4.1.2.5: two-digit years before, four-digit years from here on. */
const FOUR_DIGIT_YEARS = Date.UTC(2050, 0, 1);

/** How a certificate breaks the profile. */
class ProfileError extends X509Error {
  override readonly name = 'ProfileError';
}

/**
 * Reads a certificate that is to play a role.
 * @throws X509Error if it is no certificate, or breaks the profile of the role
 * @throws DerError if it is not DER
 */
export function readCertificateContent(der: Uint8Array, role: CertificateRole): CertificateContent {
  const certificate = readX509(der);
  const { extensions, publicKeyInfo, toBeSigned, signature } = certificate;
  demand(is(certificate.version, VERSION_3), 'must be of X.509 version 3');
  demand(
    is(certificate.algorithm, SIGNATURE_ALGORITHM) && is(certificate.signedAlgorithm, SIGNATURE_ALGORITHM),
    'must be signed with ecdsa-with-SHA256, without parameters',
  );
  demand(
    extensions !== undefined && certificate.otherFields.length === 0,
    'must have extensions after its key and nothing else (no unique identifiers)',
  );
  demand(
    pointOf(publicKeyInfo) !== undefined,
    'must have a P-256 key: id-ecPublicKey, the curve by its name prime256v1, an uncompressed point',
  );
  return {
    serial: readSerial(certificate.serial),
    issuerName: readIssuer(certificate.issuer),
    notBefore: readDate(certificate.notBefore),
    notAfter: readDate(certificate.notAfter),
    ...readSubject(certificate.subject, role),
    publicKeyInfo,
    pathLength: checkExtensions(extensions, role),
    toBeSigned,
    signature,
  };
}

function readSerial(value: DerValue): string {
  demand(value.content.length <= MAX_SERIAL_BYTES, `has a serial number of more than ${MAX_SERIAL_BYTES} bytes`);
  const magnitude = positiveMagnitude(value);
  demand(magnitude !== undefined, 'has a serial number that is not positive, or not in its shortest form');
  return hexText(magnitude);
}

function readIssuer(name: DerValue): string {
  demand(derChildren(name).length > 0, 'has an empty issuer');
  return hexText(name.raw);
}

function readDate(value: DerValue): CalendarDate {
  const time = derTime(value);
  const tag = time < FOUR_DIGIT_YEARS ? TAG.utcTime : TAG.generalizedTime;
  demand(value.tag === tag, 'has a time in another form than RFC 5280 prescribes');
  return dateOf(instantOf(time));
}

function readSubject(
  subject: DerValue,
  role: CertificateRole,
): Pick<CertificateContent, 'organisation' | 'id' | 'subjectName'> {
  const names = readName(subject);
  demand(names.length === 2, 'must have a subject of two names: its organisation (O), then its own id (CN)');
  const organisation = readId(names[0], OID.organisation);
  const id = readId(names[1], OID.commonName);
  demand(role !== 'organisation' || id === organisation, 'must name the organisation twice, as O and as CN');
  return { organisation, id, subjectName: hexText(subject.raw) };
}

function readId(attributes: readonly NameAttribute[] = [], type: string): string {
  const [attribute, ...others] = attributes;
  demand(
    attribute?.type === type && others.length === 0,
    'must have a subject of two names, each of one attribute: its organisation (O), then its own id (CN)',
  );
  const { tag, content } = attribute.value;
  const id = latin1Text(content);
  // Of what ids are made of, only the underscore is missing in a PrintableString.
  const printable = tag === TAG.printableString && !id.includes('_');
  demand(
    (printable || tag === TAG.utf8String) && IDENTIFIER.test(id),
    'must name ids of the registry in its subject, as UTF8String or PrintableString',
  );
  return id;
}

/** @returns The path length that the certificate states. */
function checkExtensions(extensions: Extensions, role: CertificateRole): number | null {
  const understood = new Set<string>([OID.basicConstraints, OID.keyUsage]);
  const loose = [...extensions].find(([, { critical }]) => critical && !isTrue(critical));
  demand(
    loose === undefined,
    `has an extension (${loose?.[0]}) that is not in DER: its default must be absent, and true is ff`,
  );
  const unknown = [...extensions].find(([oid, { critical }]) => critical && !understood.has(oid));
  demand(unknown === undefined, `has a critical extension (${unknown?.[0]}) that is not understood`);
  const constraints = extensions.get(OID.basicConstraints);
  demand(constraints?.critical !== undefined, 'must have basicConstraints that are critical');
  const pathLength = checkBasicConstraints(constraints.value, profiles[role]);
  const usage = extensions.get(OID.keyUsage);
  demand(usage?.critical !== undefined, 'must have a keyUsage that is critical');
  demand(sameBytes(usage.value, keyUsage(profiles[role].keyUsage)), 'has a keyUsage that does not fit its role');
  return pathLength;
}

function checkBasicConstraints(value: Uint8Array, profile: RoleProfile): number | null {
  const [ca, length, ...surplus] = derChildren(readDer(value, TAG.sequence));
  demand(
    (ca !== undefined) === profile.ca,
    profile.ca ? 'is not a CA certificate (basicConstraints)' : 'must not be a CA certificate (basicConstraints)',
  );
  demand((ca === undefined || isTrue(ca)) && surplus.length === 0, 'has basicConstraints that are not in DER');
  const pathLength = length === undefined ? null : readPathLength(length);
  demand(
    profile.pathLength === null || pathLength === profile.pathLength,
    `must have a path length of ${profile.pathLength} (basicConstraints)`,
  );
  return pathLength;
}

function readPathLength(value: DerValue): number {
  const [length = 0x80, ...surplus] = expectTag(value, TAG.integer).content;
  demand(length < 0x80 && surplus.length === 0, 'has a path length that is not between 0 and 127');
  return length;
}

/** DER of a keyUsage whose bits are all in the first byte: zero bits at the end of a named bit list are not encoded. */
function keyUsage(bits: number): Uint8Array {
  const unused = Math.log2(bits & -bits);
  return Uint8Array.of(TAG.bitString, 2, unused, bits);
}

function isTrue(value: DerValue): boolean {
  return is(value, TRUE);
}

function is(value: DerValue | undefined, der: Uint8Array): boolean {
  return value !== undefined && sameBytes(value.raw, der);
}

function demand(holds: boolean, problem: string): asserts holds {
  if (!holds) {
    throw new ProfileError(problem);
  }
}
