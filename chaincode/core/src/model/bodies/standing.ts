import type { Instant } from '../time.js';

export const REVOCATION_REASONS = [
  'key-compromise',
  'out-of-tolerance',
  'calibration-error',
  'accreditation-withdrawn',
  'fraud',
  'unspecified',
  /** Nothing further may be done: a technician left, a standard was retired. */
  'cessation',
] as const;
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

/** These leave work done before they took effect valid; every other reason puts all earlier work in doubt. */
export const FORWARD_REASONS: readonly RevocationReason[] = ['cessation', 'accreditation-withdrawn'];

/** Permanent. */
export interface Revocation {
  readonly reason: RevocationReason;
  /** From when it holds; may lie in the past. */
  readonly effective: Instant;
}

/** Until it is lifted. */
export interface Suspension {
  readonly reason: RevocationReason;
  readonly effective: Instant;
}

/** Lifts a suspension; signed by the organisation that imposed it, or one above it. */
export interface Reinstatement {
  /** The organisation that suspended. */
  readonly lifts: string;
  readonly effective: Instant;
}
