import type { Jws, Statement } from '@tracecal/core/model';
import { readStatement as readSigned } from '@tracecal/core/open';
import { payloadDigest } from '@tracecal/core/signing';
import { inputOf } from '../input.js';

/**
 * What was signed. Nothing is said about who signed it, or whether they did.
 * @throws TraceCalError `SIGNATURE_INVALID`, `JSON_INVALID`, `INPUT_INVALID` or `VERSION_UNKNOWN`
 */
export function readStatement(jws: Jws): Statement {
  return inputOf(() => readSigned(jws));
}

/** SHA-256 of what was signed, hex: how others name it. Further signatures leave it as it is. */
export function statementDigest(jws: Jws): string {
  return payloadDigest(jws);
}
