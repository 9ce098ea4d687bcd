import { StatusCode } from '@hyperledger/fabric-gateway';
import type { Status } from '@hyperledger/fabric-gateway';
import { clientError } from './errors.js';
import type { ClientErrorCode, TraceCalError } from './errors.js';

const CODES: Readonly<Partial<Record<number, ClientErrorCode>>> = {
  [StatusCode.MVCC_READ_CONFLICT]: 'MVCC_READ_CONFLICT',
  [StatusCode.PHANTOM_READ_CONFLICT]: 'PHANTOM_READ_CONFLICT',
  [StatusCode.ENDORSEMENT_POLICY_FAILURE]: 'ENDORSEMENT_POLICY_FAILURE',
  [StatusCode.DUPLICATE_TXID]: 'DUPLICATE_TXID',
};

/** The error for a transaction that is in a block, but was not applied. */
export function commitFailure({ code, transactionId, blockNumber }: Status): TraceCalError {
  const detail = `Block ${String(blockNumber)} marks it ${nameOf(code)}.`;
  return clientError(CODES[code] ?? 'TRANSACTION_INVALID', detail, { txId: transactionId });
}

/** Whether the transaction was certainly not applied, for a reason that a new endorsement can remove. */
export function isConflict(error: unknown): boolean {
  const { code } = error as Partial<TraceCalError>;
  return code === 'MVCC_READ_CONFLICT' || code === 'PHANTOM_READ_CONFLICT';
}

/** Whether the transaction was certainly not applied because it lacked endorsements of other organisations. */
export function isPolicyFailure(error: unknown): boolean {
  return (error as Partial<TraceCalError>).code === 'ENDORSEMENT_POLICY_FAILURE';
}

function nameOf(code: number): string {
  return Object.entries(StatusCode).find(([, value]) => value === code)?.[0] ?? `with code ${code}`;
}
