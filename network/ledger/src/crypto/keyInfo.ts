import { derChildren, expectTag, oidText, readDer, TAG } from '@tracecal/core/signing/der';
import { algorithmId } from '@tracecal/core/signing/x509';

export type HashName = 'sha256' | 'sha384' | 'sha512';

/** Elliptic curves of certificate keys, and their object identifiers. */
export type KeyType = 'prime256v1' | 'secp384r1' | 'secp521r1' | 'ed25519';

/** A key of a supported kind. */
export interface KnownKey {
  readonly type: KeyType;
  /** The point of the key; for Ed25519, the key bytes. */
  readonly key: Uint8Array;
  readonly publicKeyInfo: Uint8Array;
}

/** Checks a signature: DER for ECDSA; without a hash for Ed25519. */
export type Verifier = (hash: HashName | undefined, message: Uint8Array, signature: Uint8Array) => boolean;

const ED25519 = '1.3.101.112';
const EC_KEY = '1.2.840.10045.2.1';
const CURVES: ReadonlyMap<string, { readonly type: KeyType; readonly length: number }> = new Map([
  ['1.2.840.10045.3.1.7', { type: 'prime256v1', length: 65 }],
  ['1.3.132.0.34', { type: 'secp384r1', length: 97 }],
  ['1.3.132.0.35', { type: 'secp521r1', length: 133 }],
]);
const UNCOMPRESSED = 0x04;

/**
 * The key in a SubjectPublicKeyInfo; undefined for kinds that no MSP accepts. Points are uncompressed, as Go requires.
 * @throws DerError
 */
export function readKeyInfo(publicKeyInfo: Uint8Array): KnownKey | undefined {
  const [algorithm, bits] = derChildren(readDer(publicKeyInfo, TAG.sequence));
  const key = expectTag(bits, TAG.bitString).content.subarray(1);
  const id = algorithmId(algorithm);
  if (id === ED25519) return { type: 'ed25519', key, publicKeyInfo };
  const [, curve] = derChildren(expectTag(algorithm, TAG.sequence));
  if (id !== EC_KEY || curve?.tag !== TAG.oid) return undefined;
  const known = CURVES.get(oidText(curve));
  return known?.length === key.length && key[0] === UNCOMPRESSED ? { type: known.type, key, publicKeyInfo } : undefined;
}
