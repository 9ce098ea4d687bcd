import { EDGE } from './case.js';
import type { PlainCase, PlainPoint, PlainRow } from './case.js';

/** A place among the points of a source, and what it gives there. */
export interface Place {
  readonly where: 'inside' | 'edge' | 'outside';
  readonly u: number;
}

/** Of converted units. */
const ROUNDING = 1e-9;

export function whereAmong(
  points: readonly PlainPoint[],
  x: number,
  { scale }: Pick<PlainCase, 'scale'>,
  { expanded, k }: Pick<PlainRow, 'expanded' | 'k'>,
): Place['where'] {
  const [min, max] = [Math.min(...points.map(([at]) => at)), Math.max(...points.map(([at]) => at))];
  const isTowardsZero = scale !== 'additive' && min > 0 && x < min;
  const part = isTowardsZero ? 0 : EDGE * (max - min);
  // Three degrees of freedom are credible: 3.31 u at most. It counts around temperatures that all lie within it.
  const credible = Math.min(expanded, (3.3171 * expanded) / k);
  const isWithin = max - min <= credible * (1 + ROUNDING);
  const single = scale === 'additive' ? (isWithin ? credible : 0) : EDGE * Math.abs(x < min ? min : max);
  const beyond = Math.max(min - x, x - max);
  return beyond <= 0 ? 'inside' : beyond <= Math.max(part, single) ? 'edge' : 'outside';
}

/** Between the nearest points; beyond them what the last one gives. */
export function linear(points: readonly PlainPoint[], x: number, of: (point: PlainPoint) => number): number {
  const sorted = [...points].sort(([a], [b]) => a - b);
  const below = sorted.findLast(([at]) => at <= x);
  const above = sorted.find(([at]) => at >= x);
  if (!below || !above) {
    return of(below ?? above ?? [NaN, NaN, NaN]);
  }
  const weight = above[0] === below[0] ? 0 : (x - below[0]) / (above[0] - below[0]);
  return (1 - weight) * of(below) + weight * of(above);
}

export function combined(us: readonly number[]): number {
  return 1 / Math.sqrt(us.reduce((sum, u) => sum + 1 / u ** 2, 0));
}

export function rootOf(terms: readonly number[]): number {
  return Math.sqrt(terms.reduce((sum, term) => sum + term ** 2, 0));
}
