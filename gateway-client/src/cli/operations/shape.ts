import { shapeOf } from '@tracecal/chaincode/model';
import type { z } from 'zod';

/** In the place of a certificate that is not made yet. */
const NONE_YET = 'AAAA';

/**
 * Stops before a key is made for what the registry would refuse by its shape alone.
 *
 * @throws RegistryError `INPUT_INVALID`
 */
export function requireShape<T extends { readonly certificate: string }>(
  schema: z.ZodType<T>,
  what: string,
  document: Omit<T, 'certificate'>,
): void {
  shapeOf(schema, what, { ...document, certificate: NONE_YET });
}
