/** How long a client waits and how often it tries again; times in milliseconds. */
export interface ClientLimits {
  readonly evaluateMs: number;
  /** For endorsements, all tries together. */
  readonly endorseMs: number;
  readonly submitMs: number;
  /** For the block with the transaction, after the orderers took it. */
  readonly commitMs: number;
  /** For an answer about a transaction whose submission or commit status call failed. */
  readonly resolveMs: number;
  /** New endorsements after a read conflict; 0: none. */
  readonly conflictRetries: number;
  /** New proposals where the endorsing peers came to different results, as they do while they are a block apart; 0: none. */
  readonly endorseRetries: number;
}

export const DEFAULT_LIMITS: ClientLimits = {
  evaluateMs: 30_000,
  endorseMs: 30_000,
  submitMs: 15_000,
  commitMs: 60_000,
  resolveMs: 20_000,
  conflictRetries: 3,
  endorseRetries: 5,
};
