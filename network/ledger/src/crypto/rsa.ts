import { digestOf } from '#crypto';
import { concatenate, sameBytes } from '@tracecal/core/platform/bytes';
import { DerError, positiveMagnitude, TAG, writeDer } from '@tracecal/core/signing/der';
import { hexText } from '@tracecal/core/platform';
import { DerCursor } from './derCursor.js';
import type { HashName, Verifier } from './keyInfo.js';

/*
 * RSA as Go verifies it. Only a CA can have such a key: its own signatures are few, and libraries differ in the keys that they take.
 */

const LEAST_BITS = 1024;
const LARGEST_EXPONENT = 2n ** 31n - 1n;

interface RsaKey {
  readonly modulus: bigint;
  readonly exponent: bigint;
  readonly bits: number;
}

/** @throws DerError if Go would not read the certificate of such a key */
export function rsaVerifier(key: Uint8Array): Verifier {
  const numbers = new DerCursor(key).inside(TAG.sequence);
  const [modulus, exponent] = [positive(numbers), positive(numbers)];
  const known = { modulus, exponent, bits: modulus.toString(2).length };
  return (hash, message, signature, isPss = false) => {
    if (hash === undefined || !isUsable(known)) return false;
    const encoded = opened(known, signature);
    if (encoded === undefined) return false;
    const digest = digestOf(hash, message);
    return isPss
      ? isPssEncoding(encoded, known.bits - 1, hash, digest)
      : sameBytes(encoded, pkcs1Encoding(encoded.length, hash, digest));
  };
}

function positive(numbers: DerCursor): bigint {
  const magnitude = positiveMagnitude(numbers.any());
  if (magnitude === undefined) throw new DerError('a number of the RSA key is not positive, or not in DER');
  return numberOf(magnitude);
}

function isUsable({ modulus, exponent, bits }: RsaKey): boolean {
  const isOdd = (modulus & 1n) === 1n && (exponent & 1n) === 1n;
  return isOdd && bits >= LEAST_BITS && exponent >= 2n && exponent <= LARGEST_EXPONENT;
}

/** What the signer encoded, as long as the modulus. */
function opened({ modulus, exponent, bits }: RsaKey, signature: Uint8Array): Uint8Array | undefined {
  const size = Math.ceil(bits / 8);
  const number = numberOf(signature);
  if (signature.length !== size || number >= modulus) return undefined;
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * number) % modulus;
  }
  const hex = result.toString(16).padStart(2 * size, '0');
  return Uint8Array.from({ length: size }, (_, index) => Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16));
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x0${hexText(bytes)}`);
}

const PREFIXES: Readonly<Record<HashName, readonly number[]>> = {
  sha1: [0x2b, 0x0e, 0x03, 0x02, 0x1a],
  sha256: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01],
  sha384: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02],
  sha512: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03],
};

/** EMSA-PKCS1-v1_5 (RFC 8017, 9.2). */
function pkcs1Encoding(size: number, hash: HashName, digest: Uint8Array): Uint8Array {
  const algorithm = writeDer(TAG.sequence, writeDer(TAG.oid, Uint8Array.from(PREFIXES[hash])), Uint8Array.of(5, 0));
  const info = writeDer(TAG.sequence, algorithm, writeDer(TAG.octetString, digest));
  const padding = new Uint8Array(Math.max(size - info.length - 3, 0)).fill(0xff);
  return concatenate(Uint8Array.of(0, 1), padding, Uint8Array.of(0), info);
}

/** EMSA-PSS (RFC 8017, 9.1.2) with a salt as long as the hash, which is what certificates say. */
function isPssEncoding(whole: Uint8Array, bits: number, hash: HashName, digest: Uint8Array): boolean {
  const size = Math.ceil(bits / 8);
  if (whole.length > size && whole[0] !== 0) return false;
  const encoded = whole.subarray(whole.length - size);
  const length = digest.length;
  const start = size - 2 * length - 2;
  if (start < 0 || encoded.at(-1) !== 0xbc) return false;
  const seed = encoded.subarray(size - length - 1, size - 1);
  const masked = encoded.subarray(0, size - length - 1);
  const free = 0xff >> (8 * size - bits);
  if (((masked[0] ?? 0) & ~free) !== 0) return false;
  const mask = maskOf(seed, masked.length, hash);
  const block = masked.map((byte, index) => byte ^ (mask[index] ?? 0));
  block[0] = (block[0] ?? 0) & free;
  if (block[start] !== 1 || block.subarray(0, start).some((byte) => byte !== 0)) return false;
  const salt = block.subarray(start + 1);
  return sameBytes(digestOf(hash, concatenate(new Uint8Array(8), digest, salt)), seed);
}

/** MGF1 (RFC 8017, B.2.1). */
function maskOf(seed: Uint8Array, length: number, hash: HashName): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let made = 0; made < length; made += blocks.at(-1)?.length ?? length) {
    blocks.push(digestOf(hash, concatenate(seed, Uint8Array.of(0, 0, 0, blocks.length))));
  }
  return concatenate(...blocks);
}
