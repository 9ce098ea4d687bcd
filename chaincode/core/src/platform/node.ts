import { Buffer, isUtf8 } from 'node:buffer';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { HEX } from './bytes.js';
import { pointOf } from './p256Key.js';
import type { P256Key } from './p256Key.js';

/*
 * What traces take from Node. `browser.ts` has the same functions with the same answers, and package.json says who gets which
 * (`#platform`). All of them are synchronous, so that a check is an ordinary function; WebCrypto has no such functions.
 */

/** SHA-256 in lower-case hexadecimal, over all parts in a row; a text is its UTF-8. */
export function sha256(...parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** The key in a SubjectPublicKeyInfo. @throws Error (of any class) unless it is a point on P-256 in the form of {@link pointOf} */
export function p256Key(publicKeyInfo: Uint8Array): P256Key {
  if (!pointOf(publicKeyInfo)) throw new Error('not a key of P-256');
  const key = createPublicKey({ key: view(publicKeyInfo), format: 'der', type: 'spki' });
  const verifier = { key, dsaEncoding: 'ieee-p1363' } as const;
  return {
    verifies: (data, signature) => signature.length === 64 && verify('sha256', data, verifier, signature),
  };
}

export function utf8Bytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

/** Undefined if the bytes are not UTF-8. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  return isUtf8(bytes) ? view(bytes).toString('utf8') : undefined;
}

/** One character a byte. */
export function latin1Text(bytes: Uint8Array): string {
  return view(bytes).toString('latin1');
}

/** Undefined unless the text is pairs of hexadecimal digits. */
export function hexBytes(text: string): Uint8Array | undefined {
  return HEX.test(text) ? Buffer.from(text, 'hex') : undefined;
}

/** In lower case. */
export function hexText(bytes: Uint8Array): string {
  return view(bytes).toString('hex');
}

/** Undefined unless the text is the one encoding of its bytes: no white space, no other alphabet, no stray bits. */
export function base64Bytes(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

export function base64Text(bytes: Uint8Array): string {
  return view(bytes).toString('base64');
}

/** As {@link base64Bytes}, without padding. */
export function base64urlBytes(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

export function base64urlText(bytes: Uint8Array): string {
  return view(bytes).toString('base64url');
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
