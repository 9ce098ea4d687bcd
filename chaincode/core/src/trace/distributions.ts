import type { BoundedDistribution } from '../model/index.js';

const SQRT_2 = Math.sqrt(2);
const SQRT_3 = Math.sqrt(3);
const SQRT_6 = Math.sqrt(6);
const HALF_PI = 1.5707963267948966;

/**
 * The coverage factor of a bounded distribution for a probability (JCGM 100, 4.3, and JCGM 101, 6.4): smaller than that of a normal
 * distribution, because there are no values beyond the limits. NaN if p is not a probability.
 *
 * @example boundedFactor('rectangular', 0.95) // 1.645
 */
export function boundedFactor(distribution: BoundedDistribution, p: number): number {
  if (!(p > 0 && p <= 1)) {
    return NaN;
  }
  switch (distribution) {
    case 'rectangular':
      return SQRT_3 * p;
    case 'triangular':
      return SQRT_6 * (1 - Math.sqrt(1 - p));
    case 'u-shaped':
      return SQRT_2 * sine(HALF_PI * p);
  }
}

/** Sine of an angle up to 90°, computed with + - * / only: the last bit of `Math.sin` may differ between two endorsers. */
export function sine(angle: number): number {
  let [sum, term] = [angle, angle];
  for (let n = 2; n < 24; n += 2) {
    term *= -(angle * angle) / (n * (n + 1));
    sum += term;
  }
  return sum;
}
