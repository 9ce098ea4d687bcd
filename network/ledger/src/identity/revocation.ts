import { hexText, latin1Text } from '@tracecal/core/platform';
import {
  DerError,
  derChildren,
  expectTag,
  integerMagnitude,
  readDer,
  TAG,
  type DerValue,
} from '@tracecal/core/signing/der';
import { algorithmId, readExtensions, signatureBytes } from '@tracecal/core/signing/x509';
import { NO_BYTES, sameBytes } from '../wire/index.js';
import type { Certificate } from './certificate.js';
import { firstPemBlock } from './pem.js';
import { isSignedBy } from './signature.js';

/** A certificate revocation list of an MSP. */
export interface RevocationList {
  /** Empty if it names no key; absent if it does not say at all whose it is. */
  readonly authorityKeyId: Uint8Array | undefined;
  readonly revokedSerials: ReadonlySet<string>;
  readonly isSignedBy: (issuer: Certificate) => boolean;
}

const PEM_START = '-----BEGIN X509 CRL';

/** Reads a list in PEM or DER. @throws Error (of any class) if it is malformed. */
export function parseRevocationList(bytes: Uint8Array): RevocationList {
  const [tbs, algorithm, signature] = derChildren(readDer(contentOf(bytes), TAG.sequence));
  if (tbs === undefined) throw new DerError('the revocation list is empty');
  const fields = derChildren(expectTag(tbs, TAG.sequence));
  const signed = {
    signed: tbs.raw,
    signatureAlgorithm: algorithmId(algorithm),
    signature: signatureBytes(signature),
  };
  return {
    authorityKeyId: authorityKeyId(fields.find((field) => field.tag === 0xa0)),
    revokedSerials: revokedSerials(fields),
    isSignedBy: (issuer) => isSignedBy(signed, issuer),
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
  return lists.some(({ authorityKeyId, revokedSerials, isSignedBy }) => {
    if (authorityKeyId === undefined) {
      throw new DerError('a revocation list does not say whose it is (authority key identifier)');
    }
    return sameBytes(authorityKeyId, keyId) && revokedSerials.has(serial) && isSignedBy(issuer);
  });
}

/** The key that the list names. It is undefined if the list has no such extension, or one that Fabric cannot read. */
function authorityKeyId(extensions: DerValue | undefined): Uint8Array | undefined {
  const value = extensions && readExtensions(extensions).get('2.5.29.35')?.value;
  if (value === undefined) return undefined;
  try {
    return derChildren(readDer(value, TAG.sequence)).find((part) => part.tag === 0x80)?.content ?? NO_BYTES;
  } catch {
    return undefined;
  }
}

function revokedSerials(fields: readonly DerValue[]): Set<string> {
  // tbsCertList: [version], signature, issuer, thisUpdate, [nextUpdate], [revokedCertificates]: the third SEQUENCE is the list.
  const list = fields.filter((field) => field.tag === TAG.sequence)[2];
  const serials = new Set<string>();
  for (const entry of list === undefined ? [] : derChildren(list)) {
    const [serial] = derChildren(expectTag(entry, TAG.sequence));
    serials.add(hexText(integerMagnitude(expectTag(serial, TAG.integer))));
  }
  return serials;
}
