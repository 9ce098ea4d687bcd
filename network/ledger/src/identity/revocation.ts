import { hexText, latin1Text } from '@tracecal/core/platform';
import { DerError, TAG } from '@tracecal/core/signing/der';
import { Asn1Cursor } from '../crypto/asn1Cursor.js';
import { DerCursor } from '../crypto/derCursor.js';
import { NO_BYTES, sameBytes } from '../wire/index.js';
import type { Certificate } from './certificate.js';
import { firstPemBlock } from './pem.js';
import { exactSignature, isSignedBy, type Issued } from './signature.js';
import { signatureAlgorithm } from './signatureAlgorithm.js';

/** A certificate revocation list of an MSP. */
export interface RevocationList extends Issued {
  /** Empty if it names no key; absent if it does not say at all whose it is. */
  readonly authorityKeyId: Uint8Array | undefined;
  readonly revokedSerials: ReadonlySet<string>;
}

const PEM_START = '-----BEGIN X509 CRL';
const EXTENSIONS = 0xa0;
const KEY_IDENTIFIER = 0x80;
const CERTIFICATE_ISSUER = 0x81;
const CERTIFICATE_SERIAL = 0xa2;
const AUTHORITY_KEY_ID = '2.5.29.35';

/**
 * Reads a list in PEM or DER. It reads all lists that Go's `x509.ParseCRL` reads, and sees the same in them; where Fabric would refuse
 * one, no configuration has it.
 * @throws Error (of any class) if it is malformed.
 */
export function parseRevocationList(bytes: Uint8Array): RevocationList {
  const parts = new Asn1Cursor(contentOf(bytes)).inside(TAG.sequence);
  const { raw: signed, content } = parts.take(TAG.sequence);
  const algorithm = signatureAlgorithm(parts.take(TAG.sequence).content);
  const signature = new DerCursor(parts.take(TAG.bitString).raw).bits();
  return {
    ...readContent(new Asn1Cursor(content)),
    signed,
    signatureAlgorithm: algorithm,
    signature: algorithm?.key === 'ec' ? exactSignature(signature) : signature,
  };
}

function contentOf(bytes: Uint8Array): Uint8Array {
  if (!latin1Text(bytes.subarray(0, PEM_START.length)).startsWith(PEM_START)) return bytes;
  const block = firstPemBlock(bytes);
  return block?.label === 'X509 CRL' ? block.content : bytes;
}

/**
 * Whether one of the lists, signed by the issuer itself, names the certificate. The revocation date does not matter.
 * @throws DerError if a list does not say whose it is: an MSP with such a list vouches for nobody, as with Fabric
 */
export function isRevoked(certificate: Certificate, issuer: Certificate, lists: readonly RevocationList[]): boolean {
  const keyId = issuer.extensions.subjectKeyId;
  if (keyId === undefined) return false;
  const serial = hexText(certificate.serial);
  return lists.some((list) => {
    const { authorityKeyId, revokedSerials } = list;
    if (authorityKeyId === undefined) {
      throw new DerError('a revocation list does not say whose it is (authority key identifier)');
    }
    return sameBytes(authorityKeyId, keyId) && revokedSerials.has(serial) && isSignedBy(list, issuer);
  });
}

/** tbsCertList: [version], signature, issuer, thisUpdate, [nextUpdate], [revokedCertificates], [extensions]. */
function readContent(parts: Asn1Cursor): Pick<RevocationList, 'authorityKeyId' | 'revokedSerials'> {
  parts.optional(TAG.integer);
  parts.take(TAG.sequence);
  parts.take(TAG.sequence);
  parts.take(TAG.utcTime, TAG.generalizedTime);
  parts.optional(TAG.utcTime, TAG.generalizedTime);
  const revoked = parts.optional(TAG.sequence)?.content ?? NO_BYTES;
  return { revokedSerials: readSerials(new Asn1Cursor(revoked)), authorityKeyId: readAuthorityKeyId(parts) };
}

function readSerials(entries: Asn1Cursor): ReadonlySet<string> {
  const serials = new Set<string>();
  while (!entries.atEnd) {
    const serial = new DerCursor(entries.inside(TAG.sequence).take(TAG.integer).raw).integer();
    const [first = 0] = serial;
    // No certificate has a number below zero.
    if (first < 0x80) serials.add(hexText(first === 0 && serial.length > 1 ? serial.subarray(1) : serial));
  }
  return serials;
}

/** The key that the list names. It is undefined if the list has no such extension, or one that Fabric cannot read. */
function readAuthorityKeyId(parts: Asn1Cursor): Uint8Array | undefined {
  const list = parts.within(EXTENSIONS)?.optional(TAG.sequence)?.content ?? NO_BYTES;
  for (const extensions = new Asn1Cursor(list); !extensions.atEnd;) {
    const extension = extensions.inside(TAG.sequence);
    const id = new DerCursor(extension.take(TAG.oid).raw).oid();
    extension.optional(TAG.boolean);
    const { content } = extension.take(TAG.octetString);
    if (id === AUTHORITY_KEY_ID) return keyIdOf(content);
  }
  return undefined;
}

function keyIdOf(value: Uint8Array): Uint8Array | undefined {
  try {
    const parts = new Asn1Cursor(value).inside(TAG.sequence);
    const keyId = parts.optional(KEY_IDENTIFIER)?.content ?? NO_BYTES;
    parts.optional(CERTIFICATE_ISSUER);
    // In the only form that Fabric looks at, it cannot read it.
    return parts.optional(CERTIFICATE_SERIAL) === undefined ? keyId : undefined;
  } catch {
    return undefined;
  }
}
