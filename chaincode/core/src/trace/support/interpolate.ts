import { sumOfErrors, timesErrors } from './errors.js';
import type { Errors } from './errors.js';
import { enclose, NO_SPREAD } from './nodes.js';
import type { Covered, Nodes, Span, Spread } from './nodes.js';

export interface Lookup extends Spread {
  readonly position: Covered;
  /** The nearest arguments inside; absent: nothing is covered. */
  readonly nearest?: readonly number[];
}

/**
 * Uncertainty of a source at the arguments of a row: for one argument, linear between the rows; for several, the smallest and the
 * largest of the enclosing rows. NaN if one of these states none.
 */
export function interpolate(nodes: Nodes, spans: readonly Span[], x: readonly number[], own: number): Lookup {
  const { position, nearest, leaves, weight } = enclose(nodes, spans, x, own);
  const [first, second] = leaves;
  if (spans.length === 1 && first && second) {
    const low = between(first.low, second.low, weight);
    const errors = errorsBetween(first, second, weight, low);
    return { position, nearest, low, high: between(first.high, second.high, weight), errors };
  }
  if (!first) {
    return { position, ...NO_SPREAD };
  }
  let { low, high, errors } = first;
  for (const leaf of leaves) {
    errors = leaf.low < low ? leaf.errors : errors;
    [low, high] = [Math.min(low, leaf.low), Math.max(high, leaf.high)]; // NaN stays
  }
  return { position, nearest, low, high, errors };
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
