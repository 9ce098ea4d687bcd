import { sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { derElements, derOnly, TAG } from './der.js';

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
    const [r, s, ...rest] = derElements(derOnly(signature, TAG.sequence));
    return r?.tag === TAG.integer && s?.tag === TAG.integer && rest.length === 0 && isLowS(s.content);
  } catch {
    return false;
  }
}

function isLowS(s: Uint8Array): boolean {
  return toInteger(s) <= HALF_N;
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}
