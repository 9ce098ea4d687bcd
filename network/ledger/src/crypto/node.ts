import { createHash, createPublicKey, verify } from 'node:crypto';
import type { KnownKey, Verifier } from './keyInfo.js';

/* What this package takes from Node; `browser.ts` has the same functions, and package.json says who gets which (`#crypto`). */

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Verifies by a key. @throws Error (of any class) when the key is not on its curve */
export function verifierOf({ publicKeyInfo }: KnownKey): Verifier {
  const key = createPublicKey({ key: Buffer.from(publicKeyInfo), format: 'der', type: 'spki' });
  return (hash, message, signature) => verify(hash ?? null, message, key, signature);
}
