import { NO_ERRORS } from './errors.js';
import type { Errors } from './errors.js';
import { isBelow, isClose, isPositive } from './numbers.js';
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

/** Rows by their arguments, one level for each argument, sorted for bisection. The levels may differ, so tables need not be rectangular. */
export type Nodes = Spread | Branch;

interface Branch {
  readonly at: readonly number[];
  /** Limited to the covered range. */
  readonly range: Range;
  readonly next: readonly Nodes[];
}

/** How a row asks for an argument of a source. */
export interface Span {
  readonly range: Range;
  /** The range that the certificate declares: it also covers places without a row. */
  readonly declared: boolean;
  /** How far outside counts as the edge; `own`: the credible expanded uncertainty of the asking row. */
  readonly margin: number | 'own';
}

/** The position of a row, and the rows of the source around it. */
export interface Enclosing {
  readonly position: Covered;
  /** The nearest arguments that are inside. */
  readonly nearest: readonly number[];
  readonly leaves: readonly Spread[];
  /** Weight of the second of two leaves, for a source of one argument. */
  readonly weight: number;
}

export type Covered = 'inside' | 'edge' | 'outside';

export function buildNodes(
  points: readonly Point[],
  axes: number,
  leafOf: (points: readonly Point[]) => Spread,
): Nodes {
  return build(points, 0);

  function build(some: readonly Point[], depth: number): Nodes {
    if (depth === axes) {
      return leafOf(some);
    }
    const coordinate = ({ x }: Point) => x[depth] ?? NaN;
    const sorted = [...some].sort((a, b) => coordinate(a) - coordinate(b));
    const at: number[] = [];
    const groups: Point[][] = [];
    for (const point of sorted) {
      const last = at.at(-1);
      if (last !== undefined && isClose(last, coordinate(point))) {
        groups.at(-1)?.push(point);
      } else {
        at.push(coordinate(point));
        groups.push([point]);
      }
    }
    const range = hullOf(some.map(({ covered }) => covered[depth] ?? NaN));
    return { at, range, next: groups.map((group) => build(group, depth + 1)) };
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

/** @param own The credible expanded uncertainty of the asking row. */
export function enclose(nodes: Nodes, spans: readonly Span[], x: readonly number[], own: number): Enclosing {
  const leaves: Spread[] = [];
  const nearest = [...x];
  let [position, weight]: [Covered, number] = ['inside', 0];
  visit(nodes, 0);
  return { position, nearest, leaves, weight };

  function visit(node: Nodes, depth: number): void {
    const span = spans[depth];
    if (!('at' in node) || !span) {
      if (!('at' in node)) {
        leaves.push(node);
      }
      return;
    }
    const value = x[depth] ?? NaN;
    const found = neighbours(node.at, value);
    const range = span.declared ? span.range : node.range;
    position = worse(position, covered(span, value, range, found.exact, own));
    nearest[depth] = Math.min(Math.max(nearest[depth] ?? NaN, range.min), range.max);
    weight = found.weight;
    for (const index of found.indices) {
      const next = node.next[index];
      if (next) {
        visit(next, depth + 1);
      }
    }
  }
}

function covered(span: Span, value: number, { min, max }: Range, exact: boolean, own: number): Covered {
  if (!isBelow(value, min) && !isBelow(max, value)) {
    return 'inside';
  }
  if (exact && !span.declared) {
    return 'edge';
  }
  const beyond = value < min ? min - value : value - max;
  const margin = span.margin === 'own' ? own : span.margin;
  return isBelow(margin, beyond) ? 'outside' : 'edge';
}

interface Neighbours {
  readonly indices: readonly number[];
  readonly exact: boolean;
  readonly weight: number;
}

/** The node at a value, else the two around it, else the nearest. */
function neighbours(at: readonly number[], value: number): Neighbours {
  const above = firstAbove(at, value);
  const [a, b] = [at[above - 1], at[above]];
  if (a !== undefined && isClose(a, value)) {
    return { indices: [above - 1], exact: true, weight: 0 };
  }
  if (b !== undefined && isClose(b, value)) {
    return { indices: [above], exact: true, weight: 0 };
  }
  if (a === undefined || b === undefined) {
    return { indices: [a === undefined ? above : above - 1], exact: false, weight: 0 };
  }
  // The distance exceeds the largest double, so nothing can be interpolated.
  const weight = Number.isFinite(b - a) ? (value - a) / (b - a) : NaN;
  return { indices: [above - 1, above], exact: false, weight };
}

/** Place of the first number above a value; their count if no number is above it. */
export function firstAbove(at: readonly number[], value: number): number {
  let [from, to] = [0, at.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((at[middle] ?? Infinity) > value) {
      to = middle;
    } else {
      from = middle + 1;
    }
  }
  return from;
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
