import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { sha256 as hasher256, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { KnownKey, Verifier } from './keyInfo.js';

/* Cryptography from @noble, for environments without Node. `node.ts` documents each function. */

const CURVES = { prime256v1: p256, secp384r1: p384, secp521r1: p521 } as const;
const HASHES = { sha256: hasher256, sha384, sha512 } as const;

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = hasher256.create();
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export function verifierOf({ type, key }: KnownKey): Verifier {
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
