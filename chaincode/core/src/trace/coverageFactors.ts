import type { Row } from '../model/index.js';
import { sine } from './distributions.js';

/** Probabilities that a largest coverage factor is told for: a certificate that states none, or a smaller one, means 95.45 %. */
const PROBABILITIES = { from: 0.9545, to: 0.9973 } as const;

const HALF_PI = 1.5707963267948966;

/** How far above the factor of two readings one that was rounded may be. */
const ROUNDING = 1.01;

/** The coverage factor of three degrees of freedom for 95.45 % (JCGM 100, table G.2): what fewer give is no claim about a U. */
const LARGEST_CREDITED = 3.31;

/**
 * Whether an expanded uncertainty was made with a factor that measurements can have: at least 1, and no more than Student's t of one
 * degree of freedom, of two readings. A larger one would make any standard uncertainty of any U.
 *
 * @example isCoverageFactor(12.7, 0.95) // true
 */
export function isCoverageFactor(k: number, p: number | null): boolean {
  return Number.isFinite(k) && k >= 1 && k <= ROUNDING * largestFactor(p);
}

/** t(p) of one degree of freedom: the tangent of p right angles. */
function largestFactor(p: number | null): number {
  const { from, to } = PROBABILITIES;
  const asked = p !== null && p > from ? Math.min(p, to) : from;
  return sine(HALF_PI * asked) / sine(HALF_PI * (1 - asked));
}

/**
 * As much of U as its standard uncertainty supports: a large coverage factor is no reason to take values for the same, a CMC for kept,
 * or a limit for met.
 */
export function credibleExpanded(expanded: number, k: number): number {
  return Math.min(expanded, (expanded / k) * LARGEST_CREDITED);
}

/** The same of what a row states; 0 where it states none. */
export function credibleOf(uncertainty: Row['uncertainty'] | undefined): number {
  return uncertainty ? credibleExpanded(uncertainty.expanded, uncertainty.coverageFactor) : 0;
}
