import { base64Bytes } from '@tracecal/core/platform';
import * as z from '@tracecal/core/shape';

/** Bytes in a bundle: base64 in its one form, so that a bundle has one text. */
export const bytesShape = z
  .string()
  .check(z.refine((value) => base64Bytes(value) !== undefined, 'must be base64 in its canonical form'));

/** The bytes of a text that fulfils {@link bytesShape}. */
export function bytesIn(base64: string): Uint8Array {
  return base64Bytes(base64) ?? new Uint8Array();
}
