import { sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { withLowS } from './ecdsa.js';

/**
 * Signs with a private key that Node holds: ECDSA P-256 SHA-256, 64 bytes (r || s), s low. No trace needs it, and a browser has its
 * keys elsewhere, so it is an entry of its own.
 */
export function signP256(key: KeyObject, data: Uint8Array): Uint8Array {
  return withLowS(sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }));
}
