import type { z } from 'zod';
import { canonicalJson, jwsSchema, parseAs, RegistryError } from '../model/index.js';
import type { Jws } from '../model/index.js';
import { payloadText } from '../signing/index.js';

/** Something signed, as it was submitted, and what was signed. */
export interface Signed<T> {
  readonly jws: Jws;
  readonly payload: T;
}

const JWS_LIMITS = { maxLength: 600_000, maxDepth: 4 };

/**
 * Reads a JWS of this registry whose payload has the given shape. Signatures are verified by the checks of the trace.
 * @throws RegistryError `JSON_INVALID`, `JSON_TOO_LARGE`, `INPUT_INVALID`, `SIGNATURE_INVALID` or `WRONG_REGISTRY`
 */
export function parseSigned<T extends { readonly registry: string }>(
  schema: z.ZodType<T>,
  what: string,
  registry: string,
  json: string,
): Signed<T> {
  const jws = parseAs<Jws>(jwsSchema, 'JWS', json, JWS_LIMITS);
  const text = payloadText(jws);
  const payload = parseAs(schema, what, text);
  // One content, one form, one digest: otherwise the same report could be registered in many spellings.
  if (canonicalJson(payload) !== text) {
    throw new RegistryError('INPUT_INVALID', `the ${what} is not in canonical form (RFC 8785); sign it in that form.`);
  }
  if (payload.registry !== registry) {
    throw new RegistryError(
      'WRONG_REGISTRY',
      `the ${what} was signed for registry "${payload.registry}", not for "${registry}".`,
    );
  }
  return { jws, payload };
}
