import type { BoundedDistribution } from '../../model/index.js';
import { boundedFactor } from '../distributions.js';
import { normalQuantile, normalWithin } from '../normal.js';
import type { SupportPolicy } from './policy.js';

/** Largest normal coverage factor (p = 1 - 6e-7); larger ones count as this one. */
const LARGEST_FACTOR = 5;

/** z(p), two-sided: 1.95996 for 0.95; 5 above 1 - 6e-7, NaN outside 0..1. */
export function normalFactor(p: number): number {
  return p === 1 ? LARGEST_FACTOR : Math.min(LARGEST_FACTOR, normalQuantile(p));
}

export interface Coverage {
  readonly expanded: number;
  readonly k: number;
  readonly p: number | null;
  readonly distribution: BoundedDistribution | null;
}

/** The standard uncertainties that a stated U may stand for. */
export interface Readings {
  /** U / k. */
  readonly stated: number;
  /** U divided by the distribution's factor for p, if k is too small for p; otherwise the same as `stated`. */
  readonly strict: number;
}

/** Null if p is not a probability. A k larger than z(p) means few degrees of freedom; it is accepted up to the factor of one degree. */
export function readingsOf({ expanded, k, p, distribution }: Coverage, policy: SupportPolicy): Readings | null {
  const stated = expanded / k;
  if (p === null) {
    return { stated, strict: stated };
  }
  if (!(p > 0 && p <= 1)) {
    return null;
  }
  if (distribution !== null) {
    const factor = boundedFactor(distribution, p);
    return { stated, strict: k >= policy.coverageTolerance * factor ? stated : expanded / factor };
  }
  // Most rows are correct, and this is cheaper than computing the quantile for each.
  const reached = normalWithin(Math.min(k / policy.coverageTolerance, LARGEST_FACTOR)).probability;
  return reached >= p ? { stated, strict: stated } : { stated, strict: expanded / Math.max(k, normalFactor(p)) };
}
