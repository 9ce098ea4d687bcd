import { ed25519 } from '@noble/curves/ed25519.js';
import { ecdsa, weierstrassN } from '@noble/curves/abstract/weierstrass.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 as hasher256, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { CurveKey, HashName, Verifier } from './keyInfo.js';

/* Cryptography from @noble, for environments without Node. `node.ts` documents each function. */

/** NIST P-224 (FIPS 186-4, D.1.2.2), which the library does not bring. */
const p224 = ecdsa(
  weierstrassN({
    p: 0xffffffffffffffffffffffffffffffff000000000000000000000001n,
    n: 0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn,
    h: 1n,
    a: 0xfffffffffffffffffffffffffffffffefffffffffffffffffffffffen,
    b: 0xb4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4n,
    Gx: 0xb70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21n,
    Gy: 0xbd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34n,
  }),
  hasher256,
);
const CURVES = { secp224r1: p224, prime256v1: p256, secp384r1: p384, secp521r1: p521 } as const;
const HASHES = { sha1, sha256: hasher256, sha384, sha512 } as const;

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = hasher256.create();
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export function digestOf(hash: HashName, message: Uint8Array): Uint8Array {
  return HASHES[hash](message);
}

export function verifierOf({ type, key }: CurveKey): Verifier {
  if (type === 'ed25519') {
    ed25519.Point.fromBytes(key, false);
    return falseIfRefused((_hash, message, signature) => ed25519.verify(signature, message, key, { zip215: false }));
  }
  const curve = CURVES[type];
  curve.Point.fromBytes(key).assertValidity();
  return falseIfRefused((hash, message, signature) => {
    const digest = hash && HASHES[hash](message);
    return digest !== undefined && curve.verify(signature, digest, key, { prehash: false, lowS: false, format: 'der' });
  });
}

/** Rejects a signature that is not DER, has another length, or contains numbers out of range. */
function falseIfRefused(verifies: Verifier): Verifier {
  return (...asked) => {
    try {
      return verifies(...asked);
    } catch {
      return false;
    }
  };
}
