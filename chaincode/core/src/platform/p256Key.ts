import { sameBytes } from './bytes.js';

/** A public key on the curve P-256. */
export interface P256Key {
  /**
   * Whether this key made an ECDSA signature of 64 bytes (r || s) over the SHA-256 of `data`. Both values of s verify: which one is
   * accepted is a rule of signatures, not of the platform.
   */
  verifies(data: Uint8Array, signature: Uint8Array): boolean;
}

/** `SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING` up to the byte that says that the point is uncompressed. */
const START = Uint8Array.of(
  ...[0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01],
  ...[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04],
);
const COORDINATES = 64;

/**
 * The point of a SubjectPublicKeyInfo, as 65 bytes: 04, x, y. Undefined for every form but one (the curve by its name, the point
 * uncompressed), because libraries differ in which others they read. Whether the point is on the curve is not examined.
 */
export function pointOf(publicKeyInfo: Uint8Array): Uint8Array | undefined {
  const isRead =
    publicKeyInfo.length === START.length + COORDINATES && sameBytes(publicKeyInfo.subarray(0, START.length), START);
  return isRead ? publicKeyInfo.subarray(START.length - 1) : undefined;
}
