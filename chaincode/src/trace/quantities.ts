import { parseUnit } from '../model/index.js';
import type { Result, ResultPoint } from '../model/index.js';

/** A point of a result in SI base units. `uncertainty` is the standard uncertainty u = U / k; null if none is stated. */
export interface SiPoint {
  readonly value: number;
  readonly uncertainty: number | null;
}

/** Relative slack for comparing numbers that went through unit conversion. */
const SLACK = 1e-9;

/** Whether a is less than b by more than rounding. */
export function isLess(a: number, b: number): boolean {
  return a < b - SLACK * Math.max(Math.abs(a), Math.abs(b));
}

export function isMore(a: number, b: number): boolean {
  return isLess(b, a);
}

/** The points of a result in SI; empty if its unit is not understood. */
export function siPoints({ unit, points }: Result): readonly SiPoint[] {
  const si = parseUnit(unit);
  return si ? points.map((point) => siPoint(point, si.factor, si.offset)) : [];
}

function siPoint({ value, uncertainty }: ResultPoint, factor: number, offset: number): SiPoint {
  return {
    value: factor * value + offset,
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

/** Standard uncertainty at a value, interpolated between the nearest points that state one; the nearest one outside them. */
export function uncertaintyAt(points: readonly SiPoint[], value: number): number | undefined {
  const stated = points
    .flatMap((point) => (point.uncertainty === null ? [] : [{ value: point.value, uncertainty: point.uncertainty }]))
    .sort((a, b) => a.value - b.value);
  const below = stated.findLast((point) => point.value <= value);
  const above = stated.find((point) => point.value >= value);
  if (!below || !above || below.value === above.value) {
    return (below ?? above)?.uncertainty;
  }
  const share = (value - below.value) / (above.value - below.value);
  return below.uncertainty + share * (above.uncertainty - below.uncertainty);
}
