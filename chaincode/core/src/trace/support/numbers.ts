import type { Range } from './policy.js';

/** Relative tolerance for the rounding of unit conversions; it is not a metrological tolerance. */
const SLACK = 1e-9;

/** The sizes of the numbers in a range, without their signs. */
export function sizesOf({ min, max }: Range): Range {
  const [low, high] = [Math.min(Math.abs(min), Math.abs(max)), Math.max(Math.abs(min), Math.abs(max))];
  return min <= 0 && max >= 0 ? { min: 0, max: high } : { min: low, max: high };
}

/** Whether a is below b by more than rounding. Fails closed: numbers that cannot be compared count as below. */
export function isBelow(a: number, b: number): boolean {
  return !(Number.isFinite(a) && Number.isFinite(b) && a >= b - SLACK * Math.max(Math.abs(a), Math.abs(b)));
}

export function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= SLACK * Math.max(Math.abs(a), Math.abs(b));
}

/** Whether something can be compared with this number: it is finite and above zero. */
export function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}

/**
 * (sum 1/u²)^-1/2: the standard uncertainty of the weighted mean of independent values. Scaled by the smallest, so that
 * squares neither overflow nor vanish. NaN if one is not positive and finite.
 */
export function combinedBest(all: readonly number[]): number {
  const smallest = minOf(all);
  if (!all.every(isPositive)) {
    return NaN;
  }
  let sum = 0;
  for (const u of all) {
    sum += (smallest / u) * (smallest / u);
  }
  return smallest / Math.sqrt(sum);
}

/** Root of the sum of squares, scaled by the largest. NaN if one is not finite. */
export function rootSumSquares(terms: readonly number[]): number {
  let largest = 0;
  for (const term of terms) {
    if (!Number.isFinite(term)) {
      return NaN;
    }
    largest = Math.max(largest, Math.abs(term));
  }
  if (largest === 0) {
    return 0;
  }
  let sum = 0;
  for (const term of terms) {
    sum += (term / largest) * (term / largest);
  }
  return largest * Math.sqrt(sum);
}

/** Sorted, so that the order of the terms never changes the last bit. */
export function sumOf(all: readonly number[]): number {
  return [...all].sort((a, b) => a - b).reduce((total, each) => total + each, 0);
}

/** Infinity for an empty list. A loop, because spreading a long list would overflow the stack. */
export function minOf(all: Iterable<number>): number {
  let least = Infinity;
  for (const one of all) {
    least = Math.min(least, one);
  }
  return least;
}
