import { kindNamed, parseUnit, scaleOf } from '../../model/index.js';
import { isBelow, isClose } from './numbers.js';
import type { Range, SupportPolicy } from './policy.js';

/*
 * What one place is. A row of a table is at a place by all of its coordinates: its arguments and, unless the value is a finding, its
 * value. Certificates state arguments as they were measured, so nearly equal ones are one place: 49.998 Hz and 50 Hz, 19.9 °C and
 * 20.1 °C. This is the only definition; whatever is covered, looked up or compared uses it.
 */

/**
 * Of these kinds no part of the number is meant, because their zero is a convention, or because much changes within 2 % of it: the part is
 * taken of a fixed size (100 K, 5 dB, 5°, 1 of pH), or it is a smaller one.
 */
const SIZES: ReadonlyMap<string, number> = new Map([
  ['\\degreecelsius', 100],
  ['\\decibel', 5 * (parseUnit('\\decibel')?.factor ?? NaN)],
  ['\\radian', 5 * (parseUnit('\\degree')?.factor ?? NaN)],
]);
const PH = 1;
const WAVELENGTHS: ReadonlySet<string> = new Set(['wavelength', 'wavelength-in-air']);
const OF_WAVELENGTH = 0.05;

/**
 * How far a number may be from a single argument and still be at the same place, in the SI unit of its kind: a part of the argument,
 * or of the size that its kind has instead: 2 K of a temperature, 0.1 dB of a level, 0.1° of an angle, 0.1 % of a wavelength.
 */
export function marginAround(kind: string | null, argument: number, { edge }: Pick<SupportPolicy, 'edge'>): number {
  return (
    edge * ((kind === null ? undefined : sizeOf(kind)) ?? (isWavelength(kind) ? OF_WAVELENGTH : 1) * Math.abs(argument))
  );
}

function isWavelength(kind: string | null): boolean {
  return kind !== null && WAVELENGTHS.has(kind);
}

function sizeOf(kind: string): number | undefined {
  const named = kindNamed(kind);
  if (named?.differenceOf !== null || named.scale !== 'additive') {
    return undefined;
  }
  return kind === 'ph' ? PH : named.units.map((unit) => SIZES.get(unit)).find((size) => size !== undefined);
}

/**
 * How far outside a range counts as its edge: the tolerance around its end, or a part of its span if that is more, because a further
 * calibrated place takes nothing away. Towards a natural zero only the tolerance around the end counts: 2 % of 10 kHz would reach from
 * 5 Hz to direct current. Values on a scale with an arbitrary zero have no size: there the expanded uncertainty of the
 * asking row counts around values that all lie within it, and otherwise only the part of the span.
 */
export function marginOf(
  { min, max }: Range,
  kind: string | null,
  hasArbitraryZero: boolean,
  policy: Pick<SupportPolicy, 'edge'>,
): (end: number, own: number) => number {
  const part = max > min ? policy.edge * (max - min) : 0;
  return hasArbitraryZero
    ? (_, own) => (max - min <= own || isClose(max - min, own) ? Math.max(part, own) : part)
    : (end) => {
        const isTowardsZero = hasNaturalZero(kind) && (end > 0 ? end === min : end < 0 && end === max) && max > min;
        return Math.max(isTowardsZero ? 0 : part, marginAround(kind, end, policy));
      };
}

/** Any kind whose values are not additive; null is the kind of a value for which the caller knows that. */
function hasNaturalZero(kind: string | null): boolean {
  return kind === null || scaleOf(kind) !== 'additive';
}

/** How far from a number another one still is at the same place. */
export type Tolerance = (number: number) => number;

/** Only rounding. */
export const EXACT: Tolerance = () => 0;

/** Groups of what lies at one place, in ascending order: within the tolerance of the first of them. */
export function placesAlong<T>(
  all: readonly T[],
  coordinate: (one: T) => number,
  tolerance: Tolerance,
): { readonly at: readonly Range[]; readonly groups: readonly (readonly T[])[] } {
  const sorted = [...all].sort((a, b) => coordinate(a) - coordinate(b));
  const groups: T[][] = [];
  let first = NaN;
  for (const one of sorted) {
    if (!isWithin(first, coordinate(one), tolerance)) {
      first = coordinate(one);
      groups.push([]);
    }
    groups.at(-1)?.push(one);
  }
  const at = groups.map((group) => ({ min: endOf(group[0]), max: endOf(group.at(-1)) }));
  return { at, groups };

  function endOf(one: T | undefined): number {
    return one === undefined ? NaN : coordinate(one);
  }
}

export interface Neighbours {
  readonly indices: readonly number[];
  readonly exact: boolean;
  /** Of the second of two. */
  readonly weight: number;
}

/** The place at a number, otherwise the two around it, otherwise the nearest. */
export function neighbours(at: readonly Range[], value: number, tolerance: Tolerance): Neighbours {
  const above = firstWith(at, ({ min }) => min > value);
  const a = at[above - 1];
  const b = at[above];
  const below = a ? distanceAt(a, value, tolerance) : Infinity;
  const beyond = b ? distanceAt(b, value, tolerance) : Infinity;
  if (below < Infinity || beyond < Infinity) {
    return { indices: [below <= beyond ? above - 1 : above], exact: true, weight: 0 };
  }
  if (a === undefined || b === undefined) {
    return { indices: [a === undefined ? above : above - 1], exact: false, weight: 0 };
  }
  // The distance exceeds the largest double, so nothing can be interpolated.
  const weight = Number.isFinite(b.min - a.max) ? (value - a.max) / (b.min - a.max) : NaN;
  return { indices: [above - 1, above], exact: false, weight };
}

/** From a place; infinite if the number is at another one. */
function distanceAt({ min, max }: Range, value: number, tolerance: Tolerance): number {
  const end = value < min ? min : max;
  return value <= max && value >= min ? 0 : isWithin(end, value, tolerance) ? Math.abs(value - end) : Infinity;
}

function isWithin(place: number, value: number, tolerance: Tolerance): boolean {
  return isClose(place, value) || !isBelow(tolerance(place), Math.abs(value - place));
}

/** Index of the first that has a property which all after it have too; their count if none has it. */
export function firstWith<T>(all: readonly T[], has: (one: T) => boolean): number {
  let [from, to] = [0, all.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const one = all[middle];
    if (one === undefined || has(one)) {
      to = middle;
    } else {
      from = middle + 1;
    }
  }
  return from;
}
