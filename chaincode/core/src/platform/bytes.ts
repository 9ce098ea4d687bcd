/** Bytes are `Uint8Array` wherever they go: Node's `Buffer` is not there in a browser. */

export const NO_BYTES: Uint8Array = new Uint8Array();

/** Bytes in hexadecimal digits. */
export const HEX = /^(?:[0-9A-Fa-f]{2})*$/;

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) {
    if (left[index] !== right[index]) return false;
  }
  return true;
}

/** Less than zero where `left` comes first, zero where both are the same: byte by byte, the shorter one before what continues it. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

export function concatenate(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
