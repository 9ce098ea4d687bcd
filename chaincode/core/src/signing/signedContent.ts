import { canonicalJson, parseJson, RegistryError } from '../model/index.js';
import type { Json, JsonLimits, Jws } from '../model/index.js';
import { payloadDigest, payloadText } from './jws.js';

/**
 * The content of a JWS beside the ledger, without checking who signed it: canonical JSON, so that the same content has one digest.
 *
 * @param what How sentences call it.
 * @param read Gives the content its shape.
 * @throws RegistryError `JSON_INVALID`, `JSON_TOO_LARGE`, `SIGNATURE_INVALID`, and what `read` throws
 */
export function signedContent<T>(
  jws: Jws,
  what: string,
  limits: JsonLimits,
  read: (value: Json) => T,
): { readonly content: T; readonly digest: string } {
  const text = payloadText(jws);
  const content = read(parseJson(text, limits));
  if (canonicalJson(content) !== text) {
    throw new RegistryError('SIGNATURE_INVALID', `the ${what} is not in canonical form: sign it with this library.`);
  }
  return { content, digest: payloadDigest(jws) };
}
