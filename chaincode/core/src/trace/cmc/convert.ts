import { parseUnit, unitOfKind } from '../../model/index.js';
import type { Unit } from '../../model/index.js';
import { isBelow } from '../support/numbers.js';

/** Largest change of a number by unit conversion, relative to the numbers that were added. */
const ROUNDING = 1e-12;

/** Factor and offset between two units. */
interface Conversion {
  /** Numbers in the same unit stay as they are, to the last bit. */
  readonly isSame: boolean;
  readonly source: Unit;
  readonly target: Unit;
}

/** @param read A unit by itself, or of a kind of quantity. */
function conversion(
  from: string,
  to: string,
  read: (unit: string) => Unit | undefined = parseUnit,
): Conversion | undefined {
  const [source, target] = [read(from), read(to)];
  if (!source || !target) {
    return undefined;
  }
  return source.dimension === target.dimension ? { isSame: from === to, source, target } : undefined;
}

export function areComparable(from: string, to: string): boolean {
  return conversion(from, to) !== undefined;
}

/** Converts a difference or an uncertainty, without zero points. NaN between units that cannot be compared. */
export function convertedDifference(difference: number, from: string, to: string): number {
  const between = conversion(from, to);
  if (!between) {
    return NaN;
  }
  return between.isSame ? difference : (between.source.factor * difference) / between.target.factor;
}

/** A value of a kind in another unit, with its zero point; NaN between units that cannot be compared. Zero points affect the rounding. */
export function convertedValue(quantity: string, value: number, from: string, to: string): number {
  const between = conversionOf(quantity, from, to);
  return between ? between.inUnit(value) : NaN;
}

function conversionOf(quantity: string, from: string, to: string) {
  const between = conversion(from, to, (unit) => unitOfKind(quantity, unit));
  if (!between) {
    return undefined;
  }
  const { isSame, source, target } = between;
  const shift = isSame ? 0 : Math.max(source.offset, target.offset) / target.factor;
  const inUnit = (value: number) => {
    const number = isSame ? value : (source.factor * value + source.offset - target.offset) / target.factor;
    return Math.abs(number) <= ROUNDING * shift ? 0 : number;
  };
  return { target, shift, inUnit };
}

/** A range of values of a kind, and the unit of its ends. */
export interface UnitRange {
  readonly quantity: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
}

/** A number in the unit of a range, within its ends. */
export interface Placed {
  readonly number: number;
  /** It is just beyond an end: a 20 kg weight that is 20.000003 kg. */
  readonly isBeyond: boolean;
}

/** How far beyond an end of a range a number may be, in SI. */
export type Margin = (end: number) => number;

/**
 * A value in the unit of a range, if it is within the range; just outside, the end of the range: because of rounding, or because ranges are
 * nominal. Zero points affect the rounding: 273 150 mK converts to almost 0 °C. A difference has no zero point: -5 K is -5 °C.
 */
export function positionIn(
  { quantity, unit, min, max }: UnitRange,
  value: number,
  from: string,
  margin: Margin,
): Placed | undefined {
  const between = conversionOf(quantity, from, unit);
  if (!between) {
    return undefined;
  }
  const { target, shift } = between;
  const inUnit = between.inUnit(value);
  const slack = (end: number) => ROUNDING * (Math.max(Math.abs(inUnit), Math.abs(end)) + shift);
  if (!Number.isFinite(inUnit)) {
    return undefined;
  }
  const number = Math.min(Math.max(inUnit, min), max);
  if (inUnit >= min - slack(min) && inUnit <= max + slack(max)) {
    return { number, isBeyond: false };
  }
  const beyond = target.factor * Math.abs(inUnit - number);
  const isTolerated = !isBelow(margin(target.factor * number + target.offset), beyond);
  return isTolerated ? { number, isBeyond: true } : undefined;
}
