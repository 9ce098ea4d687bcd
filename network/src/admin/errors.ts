/**
 * What went wrong with a node of a real Fabric network:
 * - `UNREACHABLE`: no connection, or nobody there who can act now.
 * - `REFUSED`: the node understood and said no (policy, access control, chaincode error).
 * - `MISMATCH`: nodes that should agree answered differently.
 * - `BAD_RESPONSE`: the answer is not what the protocol promises.
 * - `INVALIDATED`: the transaction is in a block, marked invalid.
 * - `TIMEOUT`: what was waited for did not come in time.
 * - `CONTENDED`: updates of others were committed in the place of this one, again and again.
 * - `BAD_INPUT`: the caller's material (identity, package, definition) cannot be used.
 */
export type AdminErrorCode =
  'UNREACHABLE' | 'REFUSED' | 'MISMATCH' | 'BAD_RESPONSE' | 'INVALIDATED' | 'TIMEOUT' | 'CONTENDED' | 'BAD_INPUT';

/** A failed act of administration: one sentence, a stable code, and the node that it is about. */
export class AdminError extends Error {
  override readonly name = 'AdminError';

  constructor(
    readonly code: AdminErrorCode,
    message: string,
    /** `peer0.lab-alpha.example`; absent when no single node is to blame. */
    readonly node?: string,
    options?: ErrorOptions,
  ) {
    super(node === undefined ? message : `${node}: ${message}`, options);
  }
}
