import { canonicalBytes, MAX_EXTENT_WORDS, MAX_EXTENTS, scaleOf, valuesOf } from '../model/index.js';
import type { Extent, ExtentArgument, Result, Row } from '../model/index.js';
import { credibleOf } from './coverageFactors.js';
import { unitFor } from './judge/units.js';
import { isUsable, siPoints } from './quantities.js';
import { marginOf } from './support/places.js';

/** Limit of bytes of one extent: owners repeat the extents in their acceptances. */
const MAX_BYTES = 512;

/**
 * How far beyond the calibrated values another calibration still counts as the same place: as a part of their span, or of the last one
 * if that is more. A constant, not a setting of the registry's policy: a change of policy must not change
 * which report was current.
 */
const SAME_PLACE = 0.02;

/** Relative tolerance for the rounding of unit conversions. */
const SLACK = 1e-9;

/**
 * The places at which results of one kind of quantity describe their device; results with the same arguments form one extent.
 * Undefined if that is too much to state. As-found results are left out: after the adjustment they no longer describe the device.
 */
export function extentsOf(results: readonly Result[]): readonly Extent[] | undefined {
  const together = new Map<string, Extent>();
  for (const result of results.filter(({ asFound }) => !asFound)) {
    const points = siPoints(result);
    const usable = result.rows.filter((_, place) => points[place] && isUsable(points[place]));
    const extent = extentOf(result, usable.length > 0 ? usable : result.rows);
    if (extent) {
      const like = JSON.stringify([result.unit, result.arguments]);
      together.set(like, merged(together.get(like), extent));
    }
  }
  const extents = [...together.values()];
  const isStatable = extents.every(
    (extent) =>
      canonicalBytes(extent).length <= MAX_BYTES &&
      extent.arguments?.every(({ words = [] }) => words.length <= MAX_EXTENT_WORDS) !== false,
  );
  return extents.length > 0 && extents.length <= MAX_EXTENTS && isStatable ? extents : undefined;
}

/** The places of a result that these extents do not cover. */
export function rowsBeside(result: Result, extents: readonly Extent[]): readonly number[] {
  return result.rows.flatMap((row, place) => {
    const own = extentOf(result, [row]);
    return own && extents.some((extent) => encloses(extent, own, result.quantity)) ? [] : [place];
  });
}

/**
 * Whether the second extents cover all places of the first.
 *
 * @param mayCompare Asked before two extents are compared; if not, they count as different.
 */
export function areWithin(
  own: readonly Extent[],
  extents: readonly Extent[],
  quantity: string,
  mayCompare = () => true,
): boolean {
  return own.every((each) => extents.some((extent) => mayCompare() && encloses(extent, each, quantity)));
}

function extentOf({ unit, arguments: all = [] }: Result, rows: readonly Row[]): Extent | undefined {
  const values = rows.flatMap(({ value }) => value ?? []);
  if (values.length === 0) {
    return undefined;
  }
  return {
    unit,
    ...hullOf(values),
    expanded: rows.reduce((most, { uncertainty }) => Math.max(most, credibleOf(uncertainty)), 0),
    ...(all.length > 0 && {
      arguments: all.map((argument, column) => {
        const stated = rows.flatMap(({ at }) => at?.[column] ?? []);
        return argument.unit === undefined
          ? { ...argument, words: [...new Set(stated.map(String))].sort() }
          : { ...argument, ...hullOf(stated.filter((value) => typeof value === 'number')) };
      }),
    }),
  };
}

function hullOf(numbers: readonly number[]): { readonly min: number; readonly max: number } {
  let [min, max] = [Infinity, -Infinity];
  for (const number of numbers) {
    [min, max] = [Math.min(min, number), Math.max(max, number)];
  }
  return { min, max };
}

/** @param other Of the same unit and arguments. */
function merged(extent: Extent | undefined, other: Extent): Extent {
  if (!extent) {
    return other;
  }
  return {
    ...other,
    ...hullOf([extent.min, extent.max, other.min, other.max]),
    expanded: Math.max(extent.expanded, other.expanded),
    ...(other.arguments && {
      arguments: other.arguments.map((argument, column): ExtentArgument => {
        const { min, max, words } = extent.arguments?.[column] ?? {};
        return {
          ...argument,
          ...(argument.words && { words: [...new Set([...argument.words, ...(words ?? [])])].sort() }),
          ...(argument.min !== undefined &&
            argument.max !== undefined &&
            hullOf([argument.min, argument.max, min ?? argument.min, max ?? argument.max])),
        };
      }),
    }),
  };
}

/**
 * Whether one extent encloses another. Arguments that only one of them states are not compared: without them it is unknown whether the
 * places differ.
 */
function encloses(outer: Extent, inner: Extent, quantity: string): boolean {
  const { arguments: all = [] } = outer;
  const isOwnArgument = all.every(({ role }) => role !== 'physical');
  // The value of a coefficient, or of a quantity that was found at arguments, is not a place.
  const isValueAPlace = isOwnArgument ? scaleOf(quantity) !== 'coefficient' : valuesOf(quantity) === 'range';
  return (
    (!isValueAPlace || enclosesValues(outer, inner, quantity)) &&
    all.every((argument) => {
      const own = sameArgument(argument, inner.arguments ?? []);
      return !own || enclosesArgument(argument, own);
    })
  );
}

function enclosesValues(outer: Extent, inner: Extent, quantity: string): boolean {
  const [from, to] = [unitFor(quantity, outer.unit), unitFor(quantity, inner.unit)];
  const expanded = Math.max(Math.abs(from.factor) * outer.expanded, Math.abs(to.factor) * inner.expanded);
  const ends = inUnit(outer, from);
  const margin =
    scaleOf(quantity) === 'ratio'
      ? marginOf(ends, null, false, { edge: SAME_PLACE })
      : () => Math.max(SAME_PLACE * (ends.max - ends.min), expanded);
  return isBetween(inUnit(inner, to), ends, (end) => margin(end, expanded));
}

function enclosesArgument(outer: ExtentArgument, inner: ExtentArgument): boolean {
  if (outer.words ?? inner.words) {
    return inner.words?.every((word) => outer.words?.includes(word)) === true;
  }
  const { quantity = '', unit = '' } = outer;
  const ends = inUnit(outer, unitFor(quantity, unit));
  const own = inUnit(inner, unitFor(inner.quantity ?? '', inner.unit ?? ''));
  const margin = marginOf(ends, quantity, false, { edge: SAME_PLACE });
  return isBetween(own, ends, (end) => (outer.role === 'physical' ? margin(end, 0) : 0));
}

/** Physical arguments are matched by kind, and by name if several have that kind; settings by name. */
function sameArgument(argument: ExtentArgument, all: readonly ExtentArgument[]): ExtentArgument | undefined {
  const alike = all.filter(
    ({ role, quantity, name }) =>
      role === argument.role && (role === 'physical' ? quantity === argument.quantity : isSameName(name, argument)),
  );
  return alike.find(({ name }) => isSameName(name, argument)) ?? alike[0];
}

function isSameName(name: string, argument: ExtentArgument): boolean {
  return name.toLowerCase() === argument.name.toLowerCase();
}

function inUnit(
  { min, max }: { readonly min?: number; readonly max?: number },
  { factor, offset }: { readonly factor: number; readonly offset: number },
) {
  const ends = [factor * (min ?? NaN) + offset, factor * (max ?? NaN) + offset] as const;
  return { min: Math.min(...ends), max: Math.max(...ends) };
}

interface Ends {
  readonly min: number;
  readonly max: number;
}

/** Places that cannot be compared do not count as different. */
function isBetween(inner: Ends, outer: Ends, margin: (end: number) => number): boolean {
  const rounding = SLACK * Math.max(Math.abs(outer.min), Math.abs(outer.max));
  const [below, above] = [outer.min - margin(outer.min) - rounding, outer.max + margin(outer.max) + rounding];
  return !(inner.min < below || inner.max > above);
}
