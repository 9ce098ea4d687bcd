import { status } from '@grpc/grpc-js';
import { CommitError, GatewayError } from '@hyperledger/fabric-gateway';
import assert from 'node:assert/strict';

/** What an application learns when a call fails. */
export interface Failure {
  /** The client library's class, which says what step failed: `EndorseError`. */
  readonly name: string;
  /** Name of the gRPC status: `ABORTED`. */
  readonly code: string;
  /** What it says, with the nodes' own words behind. */
  readonly text: string;
  /** MSP ids of the nodes that said something. */
  readonly mspIds: readonly string[];
}

/** The failure of a call to the gateway. Anything else, success included, is an assertion that fails. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const error = await call.then(
    () => assert.fail('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof GatewayError)) throw error;
  return {
    name: error.name,
    code: status[error.code] ?? String(error.code),
    text: [error.message, ...error.details.map(({ message }) => message)].join('\n'),
    mspIds: error.details.map(({ mspId }) => mspId).sort(),
  };
}

/** The validation code of a transaction that was ordered and found invalid. */
export async function invalidityOf(call: Promise<unknown>): Promise<number> {
  const error = await call.then(
    () => assert.fail('the transaction is valid'),
    (reason: unknown) => reason,
  );
  if (error instanceof CommitError) return error.code;
  throw error;
}
