import type { Row } from '../model/index.js';
import { sine } from './distributions.js';

/**
 * Probabilities for which the largest coverage factor is computed. A certificate without a probability, or with a smaller one, counts
 * as 95.45 %.
 */
const PROBABILITIES = { from: 0.9545, to: 0.9973 } as const;

const HALF_PI = 1.5707963267948966;

/** How far a rounded factor may exceed the factor of two readings. */
const ROUNDING = 1.01;

/**
 * The coverage factor of three degrees of freedom for 95.45 % (JCGM 100, table G.2). With fewer degrees of freedom, U says too little
 * to rely on.
 */
const LARGEST_CREDITED = 3.31;

/**
 * Whether a coverage factor can come from measurements: at least 1, and at most Student's t for one degree of freedom (two readings).
 * With a larger factor, any U would give any standard uncertainty.
 *
 * @example isCoverageFactor(12.7, 0.95) // true
 */
export function isCoverageFactor(k: number, p: number | null): boolean {
  return Number.isFinite(k) && k >= 1 && k <= ROUNDING * largestFactor(p);
}

/** t(p) for one degree of freedom: tan(p * 90°). */
function largestFactor(p: number | null): number {
  const { from, to } = PROBABILITIES;
  const asked = p !== null && p > from ? Math.min(p, to) : from;
  return sine(HALF_PI * asked) / sine(HALF_PI * (1 - asked));
}

/**
 * U, limited to what its standard uncertainty supports. Otherwise a large coverage factor alone could make two values agree, a CMC be
 * kept or a limit be met.
 */
export function credibleExpanded(expanded: number, k: number): number {
  return Math.min(expanded, (expanded / k) * LARGEST_CREDITED);
}

/** The same for a row; 0 if it states no uncertainty. */
export function credibleOf(uncertainty: Row['uncertainty'] | undefined): number {
  return uncertainty ? credibleExpanded(uncertainty.expanded, uncertainty.coverageFactor) : 0;
}
