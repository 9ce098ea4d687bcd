import { parseUnit } from '../../model/index.js';

/** What conversion between units may change a number by, as a part of the numbers that were added on the way. */
const ROUNDING = 1e-12;

/** A value in another unit, zero points included; NaN between units that cannot be compared. */
export function converted(value: number, from: string, to: string): number {
  if (from === to) {
    return value;
  }
  const [source, target] = [parseUnit(from), parseUnit(to)];
  return source && target && source.dimension === target.dimension
    ? (source.factor * value + source.offset - target.offset) / target.factor
    : NaN;
}

/** A difference or an uncertainty in another unit: without zero points. */
export function convertedDifference(difference: number, from: string, to: string): number {
  if (from === to) {
    return difference;
  }
  const [source, target] = [parseUnit(from), parseUnit(to)];
  return source && target && source.dimension === target.dimension ? (source.factor * difference) / target.factor : NaN;
}

export function areComparable(unit: string, other: string): boolean {
  const [one, two] = [parseUnit(unit), parseUnit(other)];
  return one !== undefined && two !== undefined && one.dimension === two.dimension;
}

/**
 * A value within a range, both in `unit`, moved onto the range's end if only rounding keeps it outside; undefined outside.
 * Zero points count for the rounding: 0 °C out of 273 150 mK is not exactly 0.
 */
export function within(
  value: number,
  { min, max }: { readonly min: number; readonly max: number },
  unit: string,
): number | undefined {
  const zero = parseUnit(unit);
  const shift = zero ? Math.abs(zero.offset / zero.factor) : NaN;
  const slack = (end: number) => ROUNDING * (Math.max(Math.abs(value), Math.abs(end)) + shift);
  if (!Number.isFinite(value) || !(value >= min - slack(min) && value <= max + slack(max))) {
    return undefined;
  }
  return Math.min(Math.max(Math.abs(value) <= ROUNDING * shift ? 0 : value, min), max);
}
