import { p256 } from '@noble/curves/nist.js';
import { sha256 as hasher } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { HEX } from './bytes.js';
import { pointOf } from './p256Key.js';
import type { P256Key } from './p256Key.js';

/*
 * What traces take from the platform where there is no Node: `node.ts` says what each function does. Hashes and signatures come
 * from @noble, whose lines 1.x are the last that also run on Node 20 with CommonJS. They are optional peers of this package: who
 * makes a bundle for a browser installs them, and a peer of Fabric does not.
 */

export function sha256(...parts: readonly (Uint8Array | string)[]): string {
  const hash = hasher.create();
  for (const part of parts) hash.update(typeof part === 'string' ? utf8Bytes(part) : part);
  return bytesToHex(hash.digest());
}

export function p256Key(publicKeyInfo: Uint8Array): P256Key {
  const point = pointOf(publicKeyInfo);
  if (!point) throw new Error('not a key of P-256');
  p256.Point.fromBytes(point).assertValidity();
  return { verifies: (data, signature) => signature.length === 64 && verifies(point, data, signature) };
}

function verifies(point: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    return p256.verify(signature, data, point, { prehash: true, lowS: false, format: 'compact' });
  } catch {
    // Numbers out of their range are no signature.
    return false;
  }
}

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function utf8Bytes(text: string): Uint8Array {
  return utf8Encoder.encode(text);
}

export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return utf8Decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

export function latin1Text(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

export function hexBytes(text: string): Uint8Array | undefined {
  return HEX.test(text) ? hexToBytes(text) : undefined;
}

export function hexText(bytes: Uint8Array): string {
  return bytesToHex(bytes);
}

export function base64Bytes(text: string): Uint8Array | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return btoa(latin1Text(bytes)) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

export function base64Text(bytes: Uint8Array): string {
  return btoa(latin1Text(bytes));
}

export function base64urlBytes(text: string): Uint8Array | undefined {
  if (/[^A-Za-z0-9_-]/.test(text)) return undefined;
  const padding = '='.repeat((4 - (text.length % 4)) % 4);
  return base64Bytes(text.replaceAll('-', '+').replaceAll('_', '/') + padding);
}

export function base64urlText(bytes: Uint8Array): string {
  return base64Text(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
