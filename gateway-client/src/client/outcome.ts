import type { TraceCalError } from './errors.js';

/** A transaction that is on the ledger and was applied. */
export interface Committed<T> {
  readonly txId: string;
  readonly blockNumber: bigint;
  readonly result: T;
  /** MSP ids of the peers that endorsed it, sorted. */
  readonly endorsedBy: readonly string[];
}

/**
 * The outcome of a transaction: applied, certainly not applied, or unknown (so far). Only a transaction that was certainly
 * not applied may be repeated without asking first.
 */
export type Outcome =
  | { readonly state: 'committed'; readonly txId: string; readonly blockNumber: bigint }
  | { readonly state: 'refused'; readonly txId: string; readonly error: TraceCalError }
  | {
      readonly state: 'unknown';
      readonly txId: string;
      /** Why the last question for it was not answered: `TIMED_OUT` if it may still come, or what to mend before asking again. */
      readonly error?: TraceCalError;
    };
