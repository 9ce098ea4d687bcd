import { NO_ERRORS } from './errors.js';
import type { Errors } from './errors.js';
import { isBelow, isPositive } from './numbers.js';
import { neighbours, placesAlong } from './places.js';
import type { Tolerance } from './places.js';
import type { Range } from './policy.js';

/** Smallest and largest uncertainty of several rows; NaN if no row states one. */
export interface Spread {
  readonly low: number;
  readonly high: number;
  /** Correlations of the smallest uncertainty with the errors that it is made of. */
  readonly errors: Errors;
  /** The smallest of each source, if several sources are combined. */
  readonly bySource?: ReadonlyMap<number, Point>;
}

export interface Point {
  readonly source: number;
  readonly x: readonly number[];
  /** The same, limited to the covered range. */
  readonly covered: readonly number[];
  /** NaN: stated at these arguments, but without an uncertainty. */
  readonly u: number;
  readonly report: string;
  readonly errors: Errors;
}

/** Rows by their coordinates, one level for each, sorted for bisection. The levels may differ, so tables need not be rectangular. */
export type Nodes = Spread | Branch;

interface Branch {
  /** Places in ascending order. */
  readonly at: readonly Range[];
  /** Limited to the covered range. */
  readonly range: Range;
  readonly next: readonly Nodes[];
  /** All of its rows, for a value that is unknown. */
  readonly whole?: Spread;
}

/** A coordinate of a source, and how a row asks for it. */
export interface Span {
  readonly kind: string | null;
  /** Values on an additive scale: a part of a number means nothing. */
  readonly hasArbitraryZero: boolean;
  /** Null: the value beside arguments. The values that are covered depend on the arguments ({@link ValueRegion}). */
  readonly range: Range | null;
  /** The range that the certificate declares: it also covers places without a row. */
  readonly declared: boolean;
  /** Numbers that count as the same place. */
  readonly tolerance: Tolerance;
  /** Between two places the uncertainty is linear; otherwise the smallest and the largest of the rows around a place count. */
  readonly isLinear: boolean;
  /**
   * How far outside counts as the edge.
   *
   * @param end The last covered number.
   * @param own The credible expanded uncertainty of the asking row.
   */
  readonly margin: (end: number, own: number) => number;
}

/** The position of a row, and the rows of the source around it. */
export interface Enclosing {
  readonly position: Covered;
  /** The nearest coordinates that are inside. */
  readonly nearest: readonly number[];
  readonly leaves: readonly Spread[];
}

export type Covered = 'inside' | 'edge' | 'outside';

export function buildNodes(
  points: readonly Point[],
  spans: readonly Span[],
  leafOf: (points: readonly Point[]) => Spread,
): Nodes {
  return build(points, 0);

  function build(some: readonly Point[], depth: number): Nodes {
    const span = spans[depth];
    if (!span) {
      return leafOf(some);
    }
    const { at, groups } = placesAlong(some, ({ x }) => x[depth] ?? NaN, span.tolerance);
    const range = hullOf(some.map(({ covered }) => covered[depth] ?? NaN));
    const next = groups.map((group) => build(group, depth + 1));
    return { at, range, next, ...(span.range === null && { whole: leafOf(some) }) };
  }
}

/** For several rows at the same arguments. */
export function spreadOf(points: readonly Point[]): Spread {
  let [low, high, errors] = [Infinity, 0, NO_ERRORS];
  for (const point of points) {
    if (isPositive(point.u)) {
      errors = point.u < low ? point.errors : errors;
      [low, high] = [Math.min(low, point.u), Math.max(high, point.u)];
    }
  }
  return high > 0 ? { low, high, errors } : NO_SPREAD;
}

export const NO_SPREAD: Spread = { low: NaN, high: NaN, errors: NO_ERRORS };

/**
 * @param own The credible expanded uncertainty of the asking row.
 * @param between Combines what two places give, with the weight of the second; without it only their rows are collected.
 */
export function enclose(
  nodes: Nodes,
  spans: readonly Span[],
  x: readonly number[],
  own: number,
  between?: (first: Spread, second: Spread, weight: number | null) => Spread,
): Enclosing & { readonly spread: Spread } {
  const leaves: Spread[] = [];
  const nearest = [...x];
  let position: Covered = 'inside';
  const spread = visit(nodes, 0);
  return { position, nearest, leaves, spread };

  function visit(node: Nodes, depth: number): Spread {
    const span = spans[depth];
    const value = x[depth] ?? NaN;
    if (!span || !('at' in node)) {
      return leaf(node);
    }
    if (node.whole && !Number.isFinite(value)) {
      return leaf(node.whole);
    }
    const { indices, exact, weight } = neighbours(node.at, value, span.tolerance);
    place(node, span, depth, exact);
    const found: Spread[] = [];
    for (const index of indices) {
      const next = node.next[index];
      if (next) {
        found.push(visit(next, depth + 1));
      }
    }
    const [first = NO_SPREAD, second] = found;
    return second && between ? between(first, second, span.isLinear ? weight : null) : first;
  }

  function place(node: Branch, span: Span, depth: number, exact: boolean): void {
    const range = span.range && !span.declared ? node.range : span.range;
    if (range) {
      position = worse(position, covered(span, x[depth] ?? NaN, range, exact, own));
      nearest[depth] = Math.min(Math.max(nearest[depth] ?? NaN, range.min), range.max);
    }
  }

  function leaf(node: Nodes): Spread {
    if ('at' in node) {
      return NO_SPREAD;
    }
    leaves.push(node);
    return node;
  }
}

function covered({ declared, margin }: Span, value: number, { min, max }: Range, exact: boolean, own: number): Covered {
  if (!isBelow(value, min) && !isBelow(max, value)) {
    return 'inside';
  }
  if (exact && !declared) {
    return 'edge';
  }
  const [end, beyond] = value < min ? [min, min - value] : [max, value - max];
  return isBelow(margin(end, own), beyond) ? 'outside' : 'edge';
}

export function hullOf(values: readonly number[]): Range {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    [min, max] = [Math.min(min, value), Math.max(max, value)];
  }
  return { min, max };
}

export function worse(a: Covered, b: Covered): Covered {
  return a === 'outside' || b === 'outside' ? 'outside' : a === 'edge' || b === 'edge' ? 'edge' : 'inside';
}
