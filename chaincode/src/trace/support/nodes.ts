import { NO_ERRORS } from './errors.js';
import type { Errors } from './errors.js';
import { isBelow, isClose, isPositive } from './numbers.js';
import type { Range } from './policy.js';

/** Smallest and largest uncertainty of several rows; NaN where none of them states one. */
export interface Spread {
  readonly low: number;
  readonly high: number;
  /** Correlations of the smallest with the errors that it is made of. */
  readonly errors: Errors;
  /** Where several sources are taken together: the smallest of each. */
  readonly bySource?: ReadonlyMap<number, Point>;
}

export interface Point {
  readonly source: number;
  readonly x: readonly number[];
  /** NaN: stated at these arguments, but without an uncertainty. */
  readonly u: number;
  readonly report: string;
  readonly errors: Errors;
}

/** Rows by their arguments, one level an argument, each sorted for bisection: tables may be stepped, not only rectangular. */
export type Nodes = Spread | Branch;

interface Branch {
  readonly at: readonly number[];
  readonly next: readonly Nodes[];
}

/** How an argument of a source is asked for. */
export interface Span {
  readonly range: Range;
  /** Declared by the certificate: covers also where it gives no row. */
  readonly declared: boolean;
  /** How far outside counts as its edge; `own`: by what is credible of the expanded uncertainty of the row that asks. */
  readonly margin: number | 'own';
}

/** Where a row is, and the rows of the source around it. */
export interface Enclosing {
  readonly position: Covered;
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
    return { at, next: groups.map((group) => build(group, depth + 1)) };
  }
}

/** Of several rows at the same arguments. */
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

/** @param own What is credible of the expanded uncertainty of the row that asks. */
export function enclose(nodes: Nodes, spans: readonly Span[], x: readonly number[], own: number): Enclosing {
  const leaves: Spread[] = [];
  let [position, weight]: [Covered, number] = ['inside', 0];
  visit(nodes, 0);
  return { position, leaves, weight };

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
    position = worse(position, covered(span, value, node.at, found.exact, own));
    weight = found.weight;
    for (const index of found.indices) {
      const next = node.next[index];
      if (next) {
        visit(next, depth + 1);
      }
    }
  }
}

function covered(span: Span, value: number, at: readonly number[], exact: boolean, own: number): Covered {
  if (exact && !span.declared) {
    return 'inside';
  }
  const { min, max } = span.declared ? span.range : { min: at[0] ?? NaN, max: at.at(-1) ?? NaN };
  if (!isBelow(value, min) && !isBelow(max, value)) {
    return 'inside';
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
  // Further apart than numbers go: nothing can be interpolated.
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

export function worse(a: Covered, b: Covered): Covered {
  return a === 'outside' || b === 'outside' ? 'outside' : a === 'edge' || b === 'edge' ? 'edge' : 'inside';
}
