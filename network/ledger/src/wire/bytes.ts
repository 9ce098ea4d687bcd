import { latin1Text } from '@tracecal/core/platform';

export { compareBytes, concatenate, NO_BYTES, sameBytes } from '@tracecal/core/platform/bytes';

/** A string for each byte string, to look it up by in a map; it sorts as the bytes do. */
export function keyOf(bytes: Uint8Array): string {
  return latin1Text(bytes);
}
