import { sumOfErrors, timesErrors } from './errors.js';
import type { Errors } from './errors.js';
import { enclose } from './nodes.js';
import type { Covered, Nodes, Span, Spread } from './nodes.js';

export interface Lookup extends Spread {
  readonly position: Covered;
  /** The nearest arguments inside; absent: nothing is covered. */
  readonly nearest?: readonly number[];
}

/**
 * Uncertainty of a source at the coordinates of a row: linear between its rows in the value and in a single argument; between several
 * arguments, the smallest and the largest of the enclosing rows. NaN if one of these states none.
 */
export function interpolate(nodes: Nodes, spans: readonly Span[], x: readonly number[], own: number): Lookup {
  const { position, nearest, leaves, spread } = enclose(nodes, spans, x, own, together);
  return leaves.length > 0 ? { position, nearest, ...spread } : { position, ...spread };
}

/** @param weight Of the second; null: either of them. */
function together(first: Spread, second: Spread, weight: number | null): Spread {
  if (weight === null) {
    const { errors } = second.low < first.low ? second : first;
    // NaN stays
    return { low: Math.min(first.low, second.low), high: Math.max(first.high, second.high), errors };
  }
  const low = between(first.low, second.low, weight);
  return {
    low,
    high: between(first.high, second.high, weight),
    errors: errorsBetween(first, second, weight, low),
  };
}

/** Each error is linear between two rows, like the uncertainty itself. */
function errorsBetween(first: Spread, second: Spread, weight: number, low: number): Errors {
  if (first.errors === second.errors) {
    return first.errors;
  }
  return sumOfErrors([
    timesErrors(first.errors, ((1 - weight) * first.low) / low),
    timesErrors(second.errors, (weight * second.low) / low),
  ]);
}

/** A sum of positive parts, limited to the range between both: a difference of uncertainties could round to zero. */
function between(a: number, b: number, weight: number): number {
  const sum = (1 - weight) * a + weight * b;
  return Math.min(Math.max(sum, Math.min(a, b)), Math.max(a, b));
}
