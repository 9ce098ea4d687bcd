import type { Jws, Statement } from '@tracecal/core/model';
import { readStatement as readSigned } from '@tracecal/core/open';
import { payloadDigest } from '@tracecal/core/signing';
import { inputOf } from '../input.js';

/**
 * The content of a signed statement. Its signatures are not checked.
 * @throws TraceCalError `SIGNATURE_INVALID`, `JSON_INVALID`, `INPUT_INVALID` or `VERSION_UNKNOWN`
 */
export function readStatement(jws: Jws): Statement {
  return inputOf(() => readSigned(jws));
}

/** SHA-256 of the signed bytes, hex: others refer to the statement by it. Further signatures do not change it. */
export function statementDigest(jws: Jws): string {
  return payloadDigest(jws);
}
