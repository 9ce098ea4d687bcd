import { DEFAULT_TIMEOUT_MS } from './timeBudget.js';

/** How long a client waits and how often it retries. */
export interface ClientLimits {
  /** For a call, with all its steps and retries, in milliseconds. */
  readonly timeoutMs: number;
  /** New endorsements after a read conflict; 0: none. */
  readonly conflictRetries: number;
  /**
   * New proposals if the endorsing peers produced different results, as peers do while they are one block apart; 0: none.
   */
  readonly endorseRetries: number;
}

export const DEFAULT_LIMITS: ClientLimits = {
  timeoutMs: DEFAULT_TIMEOUT_MS,
  conflictRetries: 3,
  endorseRetries: 5,
};
