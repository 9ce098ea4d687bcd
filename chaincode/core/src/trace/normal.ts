/**
 * Quantiles of the normal distribution, computed with + - * / and sqrt only. These are correctly rounded everywhere; the last bit of
 * `Math.exp` and `Math.log` may differ between two endorsers.
 */

/** The two-sided quantile for 95 %. */
export const Z95 = 1.959963984540054;

const SQUARE_ROOT_OF_HALF_PI = 1.2533141373155003;
const MOST_TERMS = 400;
const MOST_STEPS = 100;

/** The z such that a normal quantity lies within +-z with probability p; NaN if p is not between 0 and 1. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) {
    return NaN;
  }
  // The probability is a concave function of z, so Newton's steps from 0 approach the quantile from below and never pass it.
  let z = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    const { probability, density } = normalWithin(z);
    const next = z + (p - probability) / density;
    if (!(next > z)) {
      break;
    }
    z = next;
  }
  return z;
}

/**
 * The probability of +-z and its derivative. Both series have positive terms only, so nothing cancels:
 * `probability = sqrt(2 / pi) * (z + z^3 / 3 + z^5 / 15 + ...) / exp(z^2 / 2)`.
 */
export function normalWithin(z: number): { readonly probability: number; readonly density: number } {
  const square = z * z;
  let [odd, oddSum, even, evenSum] = [z, z, 1, 1];
  for (let n = 1; n <= MOST_TERMS; n++) {
    odd *= square / (2 * n + 1);
    even *= square / (2 * n);
    if (oddSum + odd === oddSum && evenSum + even === evenSum) {
      break;
    }
    oddSum += odd;
    evenSum += even;
  }
  return {
    probability: oddSum / evenSum / SQUARE_ROOT_OF_HALF_PI,
    density: 1 / evenSum / SQUARE_ROOT_OF_HALF_PI,
  };
}
