export type LedgerErrorCode =
  | 'CORRUPT_STORE'
  | 'WRONG_CHANNEL'
  | 'STORE_IN_USE'
  | 'STORE_FAILED'
  | 'CLOSED'
  | 'SIMULATION_ENDED'
  | 'UNKNOWN_COLLECTION'
  | 'PRIVATE_DATA_UNAVAILABLE'
  | 'UNSUPPORTED_TRANSACTION';

/** What went wrong in a channel's ledger, as one sentence under a stable code. */
export class LedgerError extends Error {
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LedgerError';
    this.code = code;
  }
}
