import { latin1Text } from '@tracecal/core/platform';

export { compareBytes, concatenate, NO_BYTES, sameBytes } from '@tracecal/core/platform/bytes';

/** A string for each byte string, usable as a map key; it sorts in the order of the bytes. */
export function keyOf(bytes: Uint8Array): string {
  return latin1Text(bytes);
}
