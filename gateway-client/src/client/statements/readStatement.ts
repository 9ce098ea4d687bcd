import type { Jws, Statement } from '@tracecal/chaincode/model';
import { payloadDigest } from '@tracecal/chaincode/signing';
import { readStatement as readSigned } from '@tracecal/chaincode/trace';
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
