import { createHash, createPublicKey, verify } from 'node:crypto';
import type { CurveKey, HashName, Verifier } from './keyInfo.js';

/* Cryptography from Node. `browser.ts` has the same functions; package.json selects one of them (`#crypto`). */

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** The digest of a message, for what is not verified by a library. */
export function digestOf(hash: HashName, message: Uint8Array): Uint8Array {
  return createHash(hash).update(message).digest();
}

/** Verifies with a key. @throws Error (of any class) if the key is not on its curve */
export function verifierOf({ publicKeyInfo }: CurveKey): Verifier {
  const key = createPublicKey({ key: Buffer.from(publicKeyInfo), format: 'der', type: 'spki' });
  return (hash, message, signature) => verify(hash ?? null, message, key, signature);
}
