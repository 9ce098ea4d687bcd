import { parseUnit } from '../model/index.js';
import type { Result, Row } from '../model/index.js';

/**
 * A point of a result in SI base units. `uncertainty` is the standard uncertainty u = U / k; null if none is stated. Numbers may
 * have overflowed on the way or have shrunk to zero: {@link isFinitePoint} and {@link isUsable} say so, and {@link isAtLeast}
 * holds for no such number.
 */
export interface SiPoint {
  readonly value: number;
  readonly uncertainty: number | null;
}

/** Relative slack for comparing numbers that went through unit conversion. */
const SLACK = 1e-9;

/**
 * Whether a is at least b, but for rounding. Only finite numbers can be compared: whoever asks may conclude something from a
 * yes only, never from a no, for every comparison with NaN is a no.
 */
export function isAtLeast(a: number, b: number): boolean {
  return Number.isFinite(a) && Number.isFinite(b) && a >= b - SLACK * Math.max(Math.abs(a), Math.abs(b));
}

/** Whether the point says a number in SI, and its uncertainty, where it states one, is a number too. */
export function isFinitePoint({ value, uncertainty }: SiPoint): boolean {
  return Number.isFinite(value) && (uncertainty === null || Number.isFinite(uncertainty));
}

/** Whether something can rest on this point: its value and a positive uncertainty are stated and finite. */
export function isUsable(point: SiPoint): point is SiPoint & { readonly uncertainty: number } {
  return isFinitePoint(point) && point.uncertainty !== null && point.uncertainty > 0;
}

/** The rows of a result in SI; not finite if its unit is not understood. */
export const siPoints = perResult(({ unit, rows }): readonly SiPoint[] => {
  const { factor, offset } = parseUnit(unit) ?? { factor: NaN, offset: NaN };
  return rows.map((row) => siPoint(row, factor, offset));
});

function siPoint({ value: stated, uncertainty }: Row, factor: number, offset: number): SiPoint {
  return {
    value: stated === null ? NaN : factor * stated + offset,
    uncertainty: uncertainty ? (Math.abs(factor) * uncertainty.expanded) / uncertainty.coverageFactor : null,
  };
}

export function dimensionOf({ unit }: Result): string | undefined {
  return parseUnit(unit)?.dimension;
}

/** Results of the same kind of quantity in comparable units. */
export function comparable(result: Result, others: readonly Result[]): readonly Result[] {
  return others.filter((other) => other.quantity === result.quantity && dimensionOf(other) === dimensionOf(result));
}

/** What a result of a parent says, ready to be asked about many values. */
export interface Support {
  /** Where it was calibrated. */
  readonly range: Range;
  /** Where it was calibrated and states an uncertainty; ascending, of several at a value the best last. */
  readonly stated: readonly { readonly value: number; readonly uncertainty: number }[];
}

interface Range {
  readonly min: number;
  readonly max: number;
}

export const supportOf = perResult((result): Support => {
  const points = siPoints(result).filter(isFinitePoint);
  return {
    range: rangeOf(points),
    stated: points.filter(isUsable).sort((a, b) => a.value - b.value || b.uncertainty - a.uncertainty),
  };
});

/** Whether a value lies where a parent was calibrated. */
export function covers({ range }: Support, value: number): boolean {
  return isWithin(range, value);
}

/**
 * Standard uncertainty at a value, interpolated between the nearest points that state one; undefined beyond them and where it
 * cannot be computed.
 */
export function uncertaintyAt({ stated }: Support, value: number): number | undefined {
  const [lowest, highest] = [stated[0], stated.at(-1)];
  if (!lowest || !highest || !isWithin({ min: lowest.value, max: highest.value }, value)) {
    return undefined;
  }
  const next = firstAbove(stated, value);
  const [below, above] = [stated[next - 1], stated[next]];
  if (!below || !above || below.value === value) {
    return (below ?? above)?.uncertainty;
  }
  const span = above.value - below.value;
  // A sum of positive parts: a difference of uncertainties could cancel to nothing.
  const between =
    ((above.value - value) / span) * below.uncertainty + ((value - below.value) / span) * above.uncertainty;
  return Number.isFinite(span) && Number.isFinite(between)
    ? Math.max(between, Math.min(below.uncertainty, above.uncertainty))
    : undefined;
}

function rangeOf(points: readonly { readonly value: number }[]): Range {
  const values = points.map(({ value }) => value);
  return { min: Math.min(...values), max: Math.max(...values) };
}

function isWithin({ min, max }: Range, value: number): boolean {
  return isAtLeast(value, min) && isAtLeast(max, value);
}

/** Index of the first point above a value, by bisection: certificates may have a thousand points. */
function firstAbove(points: readonly { readonly value: number }[], value: number): number {
  let [from, to] = [0, points.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((points[middle]?.value ?? Infinity) > value) {
      to = middle;
    } else {
      from = middle + 1;
    }
  }
  return from;
}

/** Works something out once for a result, which several checks and traces ask about. */
function perResult<T extends object>(compute: (result: Result) => T): (result: Result) => T {
  const known = new WeakMap<Result, T>();
  return (result) => {
    const answer = known.get(result) ?? compute(result);
    known.set(result, answer);
    return answer;
  };
}
