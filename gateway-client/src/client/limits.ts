import { DEFAULT_TIMEOUT_MS } from './timeBudget.js';

/** How long a client waits and how often it tries again. */
export interface ClientLimits {
  /** For a call, with all its steps and tries, in milliseconds. */
  readonly timeoutMs: number;
  /** New endorsements after a read conflict; 0: none. */
  readonly conflictRetries: number;
  /** New proposals where the endorsing peers came to different results, as they do while they are a block apart; 0: none. */
  readonly endorseRetries: number;
}

export const DEFAULT_LIMITS: ClientLimits = {
  timeoutMs: DEFAULT_TIMEOUT_MS,
  conflictRetries: 3,
  endorseRetries: 5,
};
