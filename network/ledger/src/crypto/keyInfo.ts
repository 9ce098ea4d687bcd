import { DerError, TAG, writeDer } from '@tracecal/core/signing/der';
import { DerCursor } from './derCursor.js';

export type HashName = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** Elliptic curves of certificate keys, and the other kinds that Fabric takes: RSA only as the key of a CA. */
export type KeyType = 'secp224r1' | 'prime256v1' | 'secp384r1' | 'secp521r1' | 'ed25519' | 'rsa';

/** A key of a supported kind. */
export type KnownKey = KeyOf<'rsa'> | CurveKey;
/** One that libraries verify with. */
export type CurveKey = KeyOf<Exclude<KeyType, 'rsa'>>;

interface KeyOf<T extends KeyType> {
  readonly type: T;
  /** The point of the key; for Ed25519, the key bytes; for RSA, both numbers in DER. */
  readonly key: Uint8Array;
  readonly publicKeyInfo: Uint8Array;
}

/** Checks a signature: DER for ECDSA; without a hash for Ed25519; in one of two paddings for RSA. */
export type Verifier = (
  hash: HashName | undefined,
  message: Uint8Array,
  signature: Uint8Array,
  isPss?: boolean,
) => boolean;

const ED25519 = '1.3.101.112';
const ED25519_BYTES = 32;
const EC_KEY = '1.2.840.10045.2.1';
const RSA_KEY = '1.2.840.113549.1.1.1';
const CURVES: ReadonlyMap<string, { readonly type: CurveKey['type']; readonly length: number }> = new Map([
  ['1.3.132.0.33', { type: 'secp224r1', length: 57 }],
  ['1.2.840.10045.3.1.7', { type: 'prime256v1', length: 65 }],
  ['1.3.132.0.34', { type: 'secp384r1', length: 97 }],
  ['1.3.132.0.35', { type: 'secp521r1', length: 133 }],
]);
const UNCOMPRESSED = 0x04;

/**
 * The key in a SubjectPublicKeyInfo; undefined for kinds that no MSP accepts. Points are uncompressed, as Go requires; what follows the
 * key is ignored, as Go does.
 * @throws DerError
 */
export function readKeyInfo(publicKeyInfo: Uint8Array): KnownKey | undefined {
  const parts = new DerCursor(publicKeyInfo).inside(TAG.sequence);
  const algorithm = parts.inside(TAG.sequence);
  const key = parts.bits();
  const id = algorithm.oid();
  if (id === ED25519) {
    if (!algorithm.atEnd || key.length !== ED25519_BYTES) throw new DerError('the Ed25519 key is malformed');
    return { type: 'ed25519', key, publicKeyInfo: keyInfo(key, ED25519) };
  }
  if (id === RSA_KEY) {
    if (algorithm.any().raw.join() !== '5,0') throw new DerError('the RSA key is malformed');
    return { type: 'rsa', key, publicKeyInfo };
  }
  if (id !== EC_KEY) return undefined;
  const curve = algorithm.oid();
  const known = CURVES.get(curve);
  if (known?.length !== key.length || key[0] !== UNCOMPRESSED)
    throw new DerError('the elliptic curve key is malformed');
  return { type: known.type, key, publicKeyInfo: keyInfo(key, EC_KEY, curve) };
}

/** The form that every library of cryptography reads. */
function keyInfo(key: Uint8Array, ...identifiers: readonly string[]): Uint8Array {
  const algorithm = writeDer(TAG.sequence, ...identifiers.map(writeOid));
  return writeDer(TAG.sequence, algorithm, writeDer(TAG.bitString, Uint8Array.of(0), key));
}

function writeOid(id: string): Uint8Array {
  const [root = 0, second = 0, ...rest] = id.split('.').map(Number);
  const arcs = [root * 40 + second, ...rest];
  return writeDer(TAG.oid, Uint8Array.from(arcs.flatMap((arc) => base128(arc, 0))));
}

function base128(arc: number, more: number): number[] {
  return [...(arc < 0x80 ? [] : base128(Math.floor(arc / 0x80), 0x80)), (arc % 0x80) | more];
}
