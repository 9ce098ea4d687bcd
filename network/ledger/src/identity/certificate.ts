import { hexText } from '@tracecal/core/platform';
import { DerError, TAG } from '@tracecal/core/signing/der';
import { readPublicKey, sha256, type PublicKey } from '../crypto/index.js';
import { keyOf, sameBytes } from '../wire/index.js';
import { DerCursor } from '../crypto/derCursor.js';
import { attributeText, certificateTime } from './derText.js';
import { readExtensions, type CertificateExtensions } from './extensions.js';
import { LruCache } from './lru.js';
import { firstPemBlock } from './pem.js';
import { signatureAlgorithm, type SignatureAlgorithm } from './signatureAlgorithm.js';

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
  /** Undefined if Fabric does not know it. */
  readonly signatureAlgorithm: SignatureAlgorithm | undefined;
  readonly extensions: CertificateExtensions;
}

/** First byte of the keyUsage bit string. */
export const KEY_CERT_SIGN = 0x04;

const ORGANISATIONAL_UNIT = '2.5.4.11';

const VERSION = 0xa0;
const UNIQUE_IDS = [0x81, 0x82];
const EXTENSIONS = 0xa3;

/** Certificates have about 1 kB. A much larger one is not worth remembering, and may be an attempt to fill memory. */
export const MAX_REMEMBERED_BYTES = 8 * 1024;
const REMEMBERED_CERTIFICATES = 1000;

/** A configuration names each CA several times, and many configurations name the same: making its key takes longest. */
const parsed = new LruCache<Certificate>(REMEMBERED_CERTIFICATES);

/**
 * Parses the first certificate of a PEM text, as Fabric does; its label and the rest are ignored. The same text has the same answer.
 * @throws Error (of any class) if there is none: callers turn it into a coded refusal.
 */
export function parseCertificatePem(pem: Uint8Array): Certificate {
  if (pem.byteLength > MAX_REMEMBERED_BYTES) return certificateIn(pem);
  const key = keyOf(pem);
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const certificate = certificateIn(pem);
  parsed.set(key, certificate);
  return certificate;
}

function certificateIn(pem: Uint8Array): Certificate {
  const block = firstPemBlock(pem);
  if (block === undefined) throw new DerError('there is no PEM certificate');
  return parseCertificate(block.content);
}

/**
 * Takes and refuses exactly the certificates that Go's `x509.ParseCertificate` does, except for a URI among the alternative names, whose
 * form is not checked.
 * @throws Error (of any class) when the bytes are not a certificate in DER.
 */
export function parseCertificate(der: Uint8Array): Certificate {
  const all = new DerCursor(der);
  // Nobody signs what follows the signature: whoever has a certificate can add it, and Fabric ignores it.
  const parts = all.inside(TAG.sequence);
  if (!all.atEnd) throw new DerError('there are bytes after the certificate');
  const signed = parts.take(TAG.sequence);
  const algorithm = parts.take(TAG.sequence);
  return {
    raw: der,
    signed: signed.raw,
    fingerprint: hexText(sha256(signed.raw)),
    signatureAlgorithm: readAlgorithm(algorithm.content),
    ...readSigned(new DerCursor(signed.content), algorithm.content),
    signature: parts.bits(),
  };
}

type SignedPart = Omit<Certificate, 'raw' | 'signed' | 'fingerprint' | 'signatureAlgorithm' | 'signature'>;

function readSigned(parts: DerCursor, algorithm: Uint8Array): SignedPart {
  const version = readVersion(parts);
  const serial = parts.integer();
  if ((serial[0] ?? 0) >= 0x80) throw new DerError('the serial number is negative');
  if (!sameBytes(parts.take(TAG.sequence).content, algorithm)) {
    throw new DerError('the signature is of another algorithm than the one that was signed');
  }
  const issuer = parts.take(TAG.sequence);
  readUnits(issuer.content);
  const validity = parts.inside(TAG.sequence);
  const [notBefore, notAfter] = [certificateTime(validity.any()), certificateTime(validity.any())];
  const subject = parts.take(TAG.sequence);
  const organisationalUnits = readUnits(subject.content);
  const publicKey = readPublicKey(parts.take(TAG.sequence).raw);
  return {
    publicKey,
    subject: subject.raw,
    issuer: issuer.raw,
    serial: serial[0] === 0 && serial.length > 1 ? serial.subarray(1) : serial,
    notBefore,
    notAfter,
    organisationalUnits,
    extensions: readExtensions(extensionsField(parts, version)),
  };
}

/** Other than in a revocation list, Go reads what follows the name of the algorithm. */
function readAlgorithm(content: Uint8Array): SignatureAlgorithm | undefined {
  const parts = new DerCursor(content);
  parts.oid();
  if (!parts.atEnd) parts.any();
  return signatureAlgorithm(content);
}

/** Zero is version 1. */
function readVersion(parts: DerCursor): number {
  const field = parts.optional(VERSION);
  if (field === undefined) return 0;
  const inside = new DerCursor(field.content);
  const version = inside.smallInteger();
  if (!inside.atEnd || version < 0 || version > 2) throw new DerError('the version is unknown');
  return version;
}

/** Only version 3 has extensions; what else stands there is ignored. */
function extensionsField(parts: DerCursor, version: number): Uint8Array | undefined {
  if (version === 0) return undefined;
  for (const tag of UNIQUE_IDS) parts.optional(tag);
  return version === 2 ? parts.optional(EXTENSIONS)?.content : undefined;
}

/** The organisational units of a name, all of whose parts must be readable. */
function readUnits(name: Uint8Array): readonly string[] {
  const units: string[] = [];
  for (const names = new DerCursor(name); !names.atEnd;) {
    for (const set = names.inside(TAG.set); !set.atEnd;) {
      const attribute = set.inside(TAG.sequence);
      const type = attribute.oid();
      const text = attributeText(attribute.any());
      if (type === ORGANISATIONAL_UNIT) units.push(text);
    }
  }
  return units;
}
