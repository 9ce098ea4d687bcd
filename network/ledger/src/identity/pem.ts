import { base64Bytes } from '@tracecal/core/platform';
import { DerError } from '@tracecal/core/signing/der';

/**
 * The bytes of a PEM body. Leftover bits at its end are ignored, as in Go, whose reading of certificates Fabric follows.
 * @throws DerError
 */
export function pemBytes(body: string): Uint8Array {
  const digits = body.replace(/\s+/g, '').replace(/={1,2}$/, '');
  // Complete groups of four digits leave no bits over.
  const bytes = base64Bytes(digits.padEnd(Math.ceil(digits.length / 4) * 4, 'A'));
  if (bytes === undefined) throw new DerError('the PEM body is not base64');
  return bytes.subarray(0, Math.floor((digits.length * 3) / 4));
}
