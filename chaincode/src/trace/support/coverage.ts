import type { SupportPolicy } from './policy.js';

/** Larger normal coverage factors count as this one (p = 1 - 6e-7): the series below still has ten digits there. */
const LARGEST_FACTOR = 5;
const STEPS = 44;
const MOST_TERMS = 200;
const ROOT_2_OVER_PI = 0.7978845608028654;

/**
 * Probability that a normal value is within z standard deviations. Its Taylor series needs only correctly rounded arithmetic
 * (exp and log differ between machines): absolute error below 1e-10 for z up to 5.
 */
function probabilityWithin(z: number): number {
  let [term, sum] = [z, z];
  for (let n = 1; n < MOST_TERMS && Math.abs(term) > Number.EPSILON; n += 1) {
    term *= -(z * z) / (2 * n);
    sum += term / (2 * n + 1);
  }
  return ROOT_2_OVER_PI * sum;
}

/** z(p), two-sided: 1.95996 for 0.95. By bisection; to 1e-8 up to p = 0.9999, 5 above 1 - 6e-7, NaN outside 0..1. */
export function normalFactor(p: number): number {
  if (!(p > 0 && p <= 1)) {
    return NaN;
  }
  let [low, high] = [0, LARGEST_FACTOR];
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (probabilityWithin(middle) < p) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return high;
}

export interface Coverage {
  readonly expanded: number;
  readonly k: number;
  readonly p: number | null;
  readonly bounded: boolean;
}

/** Standard uncertainties that a stated U may mean. */
export interface Readings {
  /** U / k. */
  readonly stated: number;
  /** U / z(p), where k is too small for p and no bounded distribution explains it; else the same as `stated`. */
  readonly strict: number;
}

/** Null if p is not a probability. A k larger than z(p) follows from few degrees of freedom and is accepted. */
export function readingsOf({ expanded, k, p, bounded }: Coverage, policy: SupportPolicy): Readings | null {
  const stated = expanded / k;
  if (p === null || bounded) {
    return { stated, strict: stated };
  }
  if (!(p > 0 && p <= 1)) {
    return null;
  }
  // Most rows are in order: this is cheaper than inverting for each.
  const reached = probabilityWithin(Math.min(k / policy.coverageTolerance, LARGEST_FACTOR));
  return reached >= p ? { stated, strict: stated } : { stated, strict: expanded / Math.max(k, normalFactor(p)) };
}
