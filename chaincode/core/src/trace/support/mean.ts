import { covarianceOf, timesErrors } from './errors.js';
import type { Errors } from './errors.js';
import { combinedBest, isPositive, minOf, sumOf } from './numbers.js';

/** A value in a mean. */
export interface Term {
  readonly report: string;
  readonly u: number;
  /** The parts of its error, in the unit of u. */
  readonly errors: Errors;
}

export interface Mean<T extends Term> {
  /** No mean of these has a smaller standard uncertainty. */
  readonly u: number;
  readonly weights: readonly (readonly [of: T, weight: number])[];
}

/** Values with a much larger uncertainty than the best do not matter, and their squares would overflow. */
const MOST = 1e6;
/** Tolerance of the search for the best mean, relative to its variance. */
const CLOSE = 1e-6;

/**
 * The best weighted mean of values with common errors. Numbers of one report are not independent: each report counts once, with its
 * smallest uncertainty. Undefined without a usable value.
 */
export function bestMean<T extends Term>(all: readonly T[]): Mean<T> | undefined {
  const terms = bestOfReports(all);
  const [only] = terms;
  if (only && terms.length === 1) {
    return { u: only.u, weights: [[only, 1]] };
  }
  const least = minOf(terms.map(({ u }) => u));
  if (terms.length === 0) {
    return undefined;
  }
  const sizes = terms.map(({ u }) => Math.min(u / least, MOST));
  const errors = terms.map((each, place) => timesErrors(each.errors, (sizes[place] ?? NaN) / each.u));
  // A common error may cancel in a mean, but nobody knows that it does.
  const matrix = errors.map((a, i) =>
    errors.map((b, j) => (i === j ? (sizes[i] ?? NaN) ** 2 : Math.max(0, covarianceOf(a, b)))),
  );
  const apart = combinedBest(terms.map(({ u }) => u));
  const isApart = matrix.every((row, i) => row.every((each, j) => i === j || each === 0));
  const inverse = sizes.map((size) => 1 / (size * size));
  const start = inverse.map((each) => each / sumOf(inverse));
  const { weights, bound } = isApart ? { weights: start, bound: 0 } : lightest(matrix, start);
  return {
    u: isApart ? apart : Math.max(apart, Math.min(least * Math.sqrt(Math.max(bound, 0)), least)),
    weights: terms.map((term, place) => [term, weights[place] ?? 0]),
  };
}

/** Sorted by reports, so that the order of the sources never changes the last bit. */
function bestOfReports<T extends Term>(all: readonly T[]): readonly T[] {
  const best = new Map<string, T>();
  for (const each of all) {
    const known = best.get(each.report);
    if (isPositive(each.u) && (!known || each.u < known.u)) {
      best.set(each.report, each);
    }
  }
  return [...best.values()].sort((a, b) => a.u - b.u || (a.report < b.report ? -1 : 1));
}

type Matrix = readonly (readonly number[])[];

/**
 * Smallest variance of a mean with non-negative weights: weight moves from the costliest term to the cheapest. The bound holds
 * wherever this ends; if covariances were set to 0, it can exceed the smallest variance by a few thousandths.
 */
function lightest(
  matrix: Matrix,
  start: readonly number[],
): { readonly weights: readonly number[]; readonly bound: number } {
  let weights = start;
  let cost = matrix.map((row) => weighted(row, weights));
  for (let step = 0; step < stepsOf(weights.length); step += 1) {
    const to = placeOfLeast(cost);
    // Weight is taken only from terms that have some.
    const from = placeOfLeast(cost.map((each, place) => ((weights[place] ?? 0) > 0 ? -each : Infinity)));
    const least = cost[to] ?? NaN;
    if (!(weighted(weights, cost) - least > CLOSE * least)) {
      break;
    }
    const change = matrix.map((row) => (row[to] ?? 0) - (row[from] ?? 0));
    const bend = (change[to] ?? 0) - (change[from] ?? 0);
    const best = bend > 0 ? ((cost[from] ?? NaN) - least) / bend : Infinity;
    const moved = Math.min(weights[from] ?? 0, best);
    weights = weights.map((each, place) => each + (place === to ? moved : place === from ? -moved : 0));
    cost = cost.map((each, place) => each + moved * (change[place] ?? 0));
  }
  return { weights, bound: 2 * minOf(cost) - weighted(weights, cost) };
}

/** Enough steps for a mean of this many terms. */
export function stepsOf(count: number): number {
  return 16 * count;
}

function weighted(values: readonly number[], weights: readonly number[]): number {
  return values.reduce((sum, value, place) => sum + value * (weights[place] ?? 0), 0);
}

function placeOfLeast(values: readonly number[]): number {
  return values.reduce((least, value, place) => (value < (values[least] ?? NaN) ? place : least), 0);
}
