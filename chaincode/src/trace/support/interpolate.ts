import { enclose } from './nodes.js';
import type { Covered, Nodes, Span, Spread } from './nodes.js';

export interface Lookup extends Spread {
  readonly position: Covered;
}

/**
 * Uncertainty of a source at the arguments of a row: linear between the rows of one argument; of several the smallest and
 * the largest of the enclosing rows. NaN where one of them states none.
 */
export function interpolate(nodes: Nodes, spans: readonly Span[], x: readonly number[], own: number): Lookup {
  const { position, leaves, weight } = enclose(nodes, spans, x, own);
  const [first, second] = leaves;
  if (spans.length === 1 && first && second) {
    return { position, low: between(first.low, second.low, weight), high: between(first.high, second.high, weight) };
  }
  let [low, high] = [leaves.length > 0 ? Infinity : NaN, leaves.length > 0 ? 0 : NaN];
  for (const leaf of leaves) {
    [low, high] = [Math.min(low, leaf.low), Math.max(high, leaf.high)]; // NaN stays
  }
  return { position, low, high };
}

/** A sum of positive parts, kept between both: a difference of uncertainties could cancel to nothing. */
function between(a: number, b: number, weight: number): number {
  const sum = (1 - weight) * a + weight * b;
  return Math.min(Math.max(sum, Math.min(a, b)), Math.max(a, b));
}
