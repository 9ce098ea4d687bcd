import { sign, type KeyObject } from 'node:crypto';
import { PkiError } from './errors.js';

const CURVE_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const HALF_ORDER = CURVE_ORDER >> 1n;

/** Makes a DER ECDSA P-256 SHA-256 signature; where the key lives is its own business (a file, a token, a service). */
export type SignBytes = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** Signs with a P-256 private key: SHA-256, DER, low-S (Fabric refuses the other half; node:crypto makes either). */
export function signLowS(privateKey: KeyObject, bytes: Uint8Array): Uint8Array {
  const signature = sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return encode(integer(signature.subarray(0, 32)), integer(signature.subarray(32)));
}

/** A signer over a key in memory. */
export function signerOf(privateKey: KeyObject): SignBytes {
  return (bytes) => signLowS(privateKey, bytes);
}

/** The same signature with the lower of its two possible S values. @throws PkiError `SIGNATURE_MALFORMED` */
export function toLowS(signature: Uint8Array): Uint8Array {
  const [r, s] = decode(signature);
  return encode(r, s);
}

/** Whether a DER signature is well formed, and its S the lower of the two possible values. */
export function isLowS(signature: Uint8Array): boolean {
  try {
    return decode(signature)[1] <= HALF_ORDER;
  } catch {
    return false;
  }
}

function encode(r: bigint, s: bigint): Uint8Array {
  const body = Buffer.concat([derInteger(r), derInteger(s > HALF_ORDER ? CURVE_ORDER - s : s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function derInteger(value: bigint): Buffer {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  const padding = (bytes[0] ?? 0) >= 0x80 ? [0] : [];
  return Buffer.from([0x02, bytes.length + padding.length, ...padding, ...bytes]);
}

function decode(signature: Uint8Array): [r: bigint, s: bigint] {
  const [tag, length] = signature;
  if (tag !== 0x30 || length !== signature.length - 2) throw malformed();
  const [r, afterR] = readInteger(signature, 2);
  const [s, end] = readInteger(signature, afterR);
  if (end !== signature.length) throw malformed();
  return [r, s];
}

function readInteger(der: Uint8Array, offset: number): [value: bigint, end: number] {
  const length = der[offset + 1] ?? 0;
  const end = offset + 2 + length;
  const bytes = der.subarray(offset + 2, end);
  if (der[offset] !== 0x02 || bytes.length !== length || !isShortestPositive(bytes)) throw malformed();
  const value = integer(bytes);
  if (value === 0n || value >= CURVE_ORDER) throw malformed();
  return [value, end];
}

/** DER allows one encoding only: no sign bit, and a leading zero byte only to keep the sign bit clear. */
function isShortestPositive(bytes: Uint8Array): boolean {
  const [first, second = 0x80] = bytes;
  if (first === undefined || first >= 0x80 || bytes.length > 33) return false;
  return first !== 0 || second >= 0x80;
}

function integer(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function malformed(): PkiError {
  return new PkiError('SIGNATURE_MALFORMED', 'The signature is not a DER-encoded ECDSA signature of the curve P-256.');
}
