import { sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { derChildren, DerError, positiveMagnitude, readDer, TAG } from './der.js';
import type { DerValue } from './der.js';

/** Order of the P-256 group. */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const HALF_N = N >> 1n;
const COORDINATE = 32;

/**
 * Verifies an ECDSA P-256 SHA-256 signature of exactly 64 bytes (r || s) with a low s. With a high s anybody could turn
 * one valid signature into another without the key.
 */
export function verifyP256(key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  return (
    signature.length === 2 * COORDINATE &&
    isLowS(signature.subarray(COORDINATE)) &&
    key.asymmetricKeyDetails?.namedCurve === 'prime256v1' &&
    verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)
  );
}

/** Signs with ECDSA P-256 SHA-256: 64 bytes (r || s), s low. */
export function signP256(key: KeyObject, data: Uint8Array): Uint8Array {
  return withLowS(sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }));
}

/** Replaces s by n - s where it is high: both verify, one is accepted. */
export function withLowS(signature: Uint8Array): Uint8Array {
  const s = toInteger(signature.subarray(COORDINATE));
  if (s <= HALF_N) {
    return signature;
  }
  const low = (N - s).toString(16).padStart(2 * COORDINATE, '0');
  return Buffer.concat([signature.subarray(0, COORDINATE), Buffer.from(low, 'hex')]);
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
  const [r, s, ...rest] = derChildren(readDer(Buffer.from(der), TAG.sequence));
  if (rest.length > 0) {
    throw new DerError('a signature has two numbers');
  }
  return Buffer.concat([coordinate(r), coordinate(s)]);
}

/** The DER form of 64 signature bytes (r || s). */
export function derSignature(raw: Uint8Array): Uint8Array {
  const body = Buffer.concat([derInteger(raw.subarray(0, COORDINATE)), derInteger(raw.subarray(COORDINATE))]);
  return Buffer.concat([Buffer.of(TAG.sequence, body.length), body]);
}

function coordinate(value: DerValue | undefined): Buffer {
  const magnitude = positiveMagnitude(value);
  if (magnitude === undefined || toInteger(magnitude) >= N) {
    throw new DerError('a number of the signature is out of its range');
  }
  return Buffer.concat([Buffer.alloc(COORDINATE - magnitude.length), magnitude]);
}

function derInteger(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const magnitude = bytes.subarray(first === -1 ? bytes.length - 1 : first);
  const sign = (magnitude[0] ?? 0) >= 0x80 ? [0] : [];
  return Buffer.from([TAG.integer, magnitude.length + sign.length, ...sign, ...magnitude]);
}

function isLowS(s: Uint8Array): boolean {
  return toInteger(s) <= HALF_N;
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}
