import { fitsUnit, kindNamed } from './kinds.js';
import { parseUnit } from './units.js';
import type { Unit } from './units.js';

/*
 * Numbers of certificates in SI units. Every function answers null for what is not a finite number: a missing value is noticed,
 * whereas NaN would make each comparison quietly false.
 */

/** A unit as values of a kind are read in it: a difference never takes its zero point. Undefined if it is no D-SI unit. */
export function unitOfKind(kind: string, unit: string): Unit | undefined {
  const read = parseUnit(unit);
  const isDifference = (kindNamed(kind)?.differenceOf ?? null) !== null;
  return read && isDifference ? { ...read, offset: 0 } : read;
}

/** A value of a kind in its coherent SI unit (a level in decibels); null if it has none there. */
export function toSi(unit: string, kind: string, value: number): number | null {
  const scaled = fitsUnit(kind, unit) ? differenceToSi(unit, value) : null;
  return scaled === null ? null : scaled + (unitOfKind(kind, unit)?.offset ?? NaN);
}

/** A difference, error or uncertainty in SI: the offset of its unit is not applied. */
export function differenceToSi(unit: string, value: number): number | null {
  const read = parseUnit(unit);
  return read ? finite(read.factor * value, value) : null;
}

/** A difference, error or uncertainty in another unit of the same dimension: errors of a Celsius scale are often in kelvin. */
export function differenceIn(from: string, to: string, value: number): number | null {
  const [source, target] = [parseUnit(from), parseUnit(to)];
  return source && source.dimension === target?.dimension
    ? finite(from === to ? value : (value * source.factor) / target.factor, value)
    : null;
}

/** A value in another unit of the same dimension, with the zero points of both. */
export function valueIn(from: string, to: string, value: number): number | null {
  const [source, target] = [parseUnit(from), parseUnit(to)];
  if (!source || source.dimension !== target?.dimension) {
    return null;
  }
  const converted = from === to ? value : (value * source.factor + (source.offset - target.offset)) / target.factor;
  return Number.isFinite(converted) ? converted : null;
}

/**
 * A relative uncertainty as an absolute one at a value, in the value's unit. There is none at zero, for a value that is not a
 * number, and in units whose zero is a convention: 1 % of 20 °C or of 94 dB says nothing.
 */
export function absoluteUncertainty(
  relative: number,
  relativeUnit: string,
  value: number,
  unit: string,
): number | null {
  const [share, read] = [parseUnit(relativeUnit), parseUnit(unit)];
  const isConvention = read?.offset !== 0 || read.dimension.includes('level');
  if (share?.dimension !== '' || isConvention) {
    return null;
  }
  return value === 0 || relative < 0 ? null : finite(Math.abs(value) * share.factor * relative, relative);
}

/**
 * Absolute uncertainties of a list of values; one relative uncertainty holds for all of them. What is missing at a point is
 * missing there only.
 */
export function absoluteUncertainties(
  relative: readonly number[],
  relativeUnit: string,
  values: readonly number[],
  unit: string,
): readonly (number | null)[] {
  const all = relative.length === 1 ? relative[0] : undefined;
  return values.map((value, i) => absoluteUncertainty(all ?? relative[i] ?? NaN, relativeUnit, value, unit));
}

/** How an uncertainty is stated: about one number, or about both parts of a complex one (a region of D-SI). */
export type CoverageRegion = 'interval' | 'ellipse' | 'rectangle';

/** Coverage factor of an ellipse for 95 % of a bivariate normal distribution: the square root of -2 ln 0.05. */
export const BIVARIATE_FACTOR_95 = 2.4477468306808166;

/** Whether the rules for the coverage factor of one number hold. An ellipse with k = 2.45 covers 95 %, not 98.6 %. */
export function isUnivariate(region: CoverageRegion): boolean {
  return region === 'interval';
}

/** Finite, and not a zero that was not one before. */
function finite(result: number, value: number): number | null {
  return Number.isFinite(result) && (result !== 0 || value === 0) ? result : null;
}
