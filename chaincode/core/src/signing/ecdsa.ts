import { hexText } from '#platform';
import { concatenate } from '../platform/bytes.js';
import type { P256Key } from '../platform/p256Key.js';
import { CURVE_ORDERS, isLowOn } from './curves.js';
import { derChildren, DerError, positiveMagnitude, readDer, TAG, writeDer, writeUnsigned } from './der.js';
import type { DerValue } from './der.js';

const N = CURVE_ORDERS.prime256v1;
const COORDINATE = 32;

/**
 * Verifies an ECDSA P-256 SHA-256 signature of exactly 64 bytes (r || s) with a low s. With a high s anybody could turn
 * one valid signature into another without the key.
 */
export function verifyP256(key: P256Key, data: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === 2 * COORDINATE && isLowS(signature.subarray(COORDINATE)) && key.verifies(data, signature);
}

/** Replaces s by n - s where it is high: both verify, one is accepted. */
export function withLowS(signature: Uint8Array): Uint8Array {
  const s = toInteger(signature.subarray(COORDINATE));
  if (isLowOn('prime256v1', s)) {
    return signature;
  }
  return concatenate(signature.subarray(0, COORDINATE), toBytes(N - s));
}

/** Whether a DER signature (as in certificates and Fabric messages) is well-formed and has a low s. */
export function isLowSDer(signature: Uint8Array): boolean {
  try {
    return isLowS(rawSignature(signature).subarray(COORDINATE));
  } catch {
    return false;
  }
}

/** The 64 bytes (r || s) of a DER signature. @throws DerError if it is not the one encoding of two numbers below the order. */
export function rawSignature(der: Uint8Array): Uint8Array {
  const [r, s, ...rest] = derChildren(readDer(der, TAG.sequence));
  if (rest.length > 0) {
    throw new DerError('a signature has two numbers');
  }
  return concatenate(coordinate(r), coordinate(s));
}

/** The DER form of 64 signature bytes (r || s). */
export function derSignature(raw: Uint8Array): Uint8Array {
  return writeDer(TAG.sequence, writeUnsigned(raw.subarray(0, COORDINATE)), writeUnsigned(raw.subarray(COORDINATE)));
}

function coordinate(value: DerValue | undefined): Uint8Array {
  const magnitude = positiveMagnitude(value);
  if (magnitude === undefined || toInteger(magnitude) >= N) {
    throw new DerError('a number of the signature is out of its range');
  }
  return concatenate(new Uint8Array(COORDINATE - magnitude.length), magnitude);
}

function isLowS(s: Uint8Array): boolean {
  return isLowOn('prime256v1', toInteger(s));
}

function toBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(COORDINATE);
  for (let index = COORDINATE - 1, rest = value; index >= 0; index--, rest >>= 8n) {
    bytes[index] = Number(rest & 0xffn);
  }
  return bytes;
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${hexText(bytes) || '0'}`);
}
