import { log10, tenTo } from '../../model/index.js';
import { credibleExpanded } from '../coverageFactors.js';
import { marginOf } from './places.js';
import type { Asked, UsedSource } from './asked.js';
import { inputsOf, isOfResult, placesUsed, sensitivityAt, solePlace } from './contributions.js';
import type { At, Input } from './contributions.js';
import { exactExponent, signOfPower } from './exponents.js';
import type { ResultRow } from './input.js';
import { axesOf, isNominal } from './matching.js';
import { hullOf } from './nodes.js';
import { isBelow, sizesOf, sumOf } from './numbers.js';
import type { Range, SupportPolicy } from './policy.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';
import { measured } from './reference.js';
import { valuePointsOf, valuesBy } from './valueRegion.js';

/*
 * Compares the value of a declared formula, at the places where its inputs were used, with the value of a row: a formula that gives
 * another value does not support the row. Nothing is compared unless the places of all inputs are stated, or an input of the result's
 * kind has a single place.
 */

/** The value that a formula gives for a row. */
export interface Modelled {
  readonly reasons: readonly Reason[];
  /** The value of the formula, if the row states another value within the tolerance: the row covers only this value. */
  readonly value: number | null;
}

/** @param used Where the inputs were used for the row, in their order. */
export type Model = (row: ResultRow, index: number, used: readonly At[]) => Modelled;

const AS_STATED: Modelled = { reasons: [], value: null };

/** y = C x1^n1 x2^n2 ...; the sign of the value counts as well. Sums of logarithms neither overflow nor vanish. */
export function productModel(asked: Asked, inputs: readonly Input[]): Model {
  const factors = asked.result.constants.map(({ value }) => powerOf({ min: value, max: value }, 1));
  return modelOf(asked, inputs, (all, { y }) => {
    const powers = all.map((range, place) => powerOf(range, exactExponent(inputs[place]?.source.use.exponent ?? null)));
    return productOf([...factors, ...powers], y);
  });
}

/** y = c1 x1 + c2 x2 ... and the constants. */
export function sumModel(asked: Asked, inputs: readonly Input[]): Model {
  const { constants, rows } = asked.result;
  const constant = sumOf(constants.map(({ value }) => value));
  return modelOf(asked, inputs, (all, _, index) => {
    const terms = all.flatMap(({ min, max }, place) => {
      const input = inputs[place];
      const c = input ? sensitivityAt(input.source, 1, index, rows.length) : NaN;
      return ordered(c * min, c * max);
    });
    return { min: constant + sumOf(terms.map(({ min }) => min)), max: constant + sumOf(terms.map(({ max }) => max)) };
  });
}

/** A factor of a product: its logarithm without the sign, and the sign; 0 if it may have either. */
interface Power {
  readonly log: Range;
  readonly sign: number;
}

function powerOf(range: Range, exponent: number): Power {
  const { min, max } = sizesOf(range);
  const [low, high] = [min, max].map((size) => exponent * log10(Math.max(size, Number.MIN_VALUE)));
  const signs = [signOfPower(range.min, exponent), signOfPower(range.max, exponent)] as const;
  return { log: ordered(low ?? NaN, high ?? NaN), sign: signs[0] === signs[1] ? signs[0] : 0 };
}

/** @param y Decides the sign if the factors leave it open. */
function productOf(all: readonly Power[], y: number): Range {
  const sign = all.reduce((product, each) => product * each.sign, 1) || Math.sign(y) || 1;
  const sizes = [sumOf(all.map(({ log }) => log.min)), sumOf(all.map(({ log }) => log.max))];
  const [low, high] = sizes.map((log) => Math.min(tenTo(log), Number.MAX_VALUE));
  return ordered(sign * (low ?? NaN), sign * (high ?? NaN));
}

/** The values of a source where it was used for a row; undefined if no place is stated or the source is unknown. */
type ValuesUsed = ((row: number, used: At | undefined) => Range) | undefined;

/** The covered place only: otherwise formulas at the edge of their inputs would extend the range from level to level. */
export function valuesUsed({ source }: Input, asked: Asked): ValuesUsed {
  const { result, policy } = asked;
  const of = valueOf(source, policy);
  const sole = isOfResult(source, asked) ? solePlace(source) : undefined;
  if (sole) {
    return () => of(sole);
  }
  const places = placesUsed(source, result.rows.length);
  return places && ((row, used) => of(used?.nearest ?? places(row)));
}

/** Where the value is its own argument, the place is the value. */
function valueOf(source: UsedSource, policy: SupportPolicy): (x: readonly number[]) => Range {
  const own = ownArgument(source);
  return own < 0 ? valuesBy(source, policy) : (x) => ({ min: x[own] ?? NaN, max: x[own] ?? NaN });
}

/** Its argument that is the value itself, or -1. */
function ownArgument(source: UsedSource): number {
  return axesOf(source).findIndex((axis) => isNominal(axis, source.kind));
}

/** The values that a source was calibrated for. */
export function calibratedValues(source: UsedSource): Range {
  const own = ownArgument(source);
  return source.range?.[own] ?? hullOf(valuePointsOf(source, [], null).map(({ y }) => y));
}

/** With the tolerance of its range; without an end where the value is not its own argument. */
function tolerableValues(source: UsedSource, policy: SupportPolicy): Range {
  const range = calibratedValues(source);
  const [first] = source.rows;
  const own = first ? measured(first, 'absolute') : NaN;
  const margin = marginOf(range, source.kind, source.scale === 'additive', policy);
  const of = (end: number) => (ownArgument(source) < 0 ? Infinity : margin(end, own));
  return { min: range.min - of(range.min), max: range.max + of(range.max) };
}

/**
 * A formula agrees with a row if it gives its value within the U of the row, or within a part of the value: a part of a temperature, of
 * a level or of a difference means nothing. An input that was used just outside its range has two places, the nearest place inside and
 * the stated one, where only U is allowed: so tolerances do not add up.
 *
 * @param give The value of the formula for values of the inputs.
 */
function modelOf(
  asked: Asked,
  inputs: readonly Input[],
  give: (all: readonly Range[], row: ResultRow & { readonly y: number }, index: number) => Range,
): Model {
  const known = inputs.flatMap((input) => {
    const of = valuesUsed(input, asked);
    return of ? [{ of, tolerable: tolerableValues(input.source, asked.policy) }] : [];
  });
  if (known.length < inputsOf(asked).length || known.length === 0) {
    return () => AS_STATED;
  }
  return ({ y, ...row }, index, used) => {
    if (y === null) {
      return AS_STATED;
    }
    const { own, part } = tolerancesOf(asked, { ...row, y });
    const all = known.map(({ of }, place) => of(index, used[place]));
    const covered = give(all, { ...row, y }, index);
    if (!isWithin(y, covered, Math.max(own, part))) {
      const places = known.map(({ of, tolerable }) => limited(of(index, undefined), tolerable));
      const stated = give(places, { ...row, y }, index);
      if (!isWithin(y, stated, own)) {
        return { reasons: [reason('model-contradicts', { value: nearestIn(y, stated) })], value: null };
      }
    }
    const value = nearestIn(y, covered);
    const rounding = asked.policy.floorTolerance * Math.min(own, part);
    return Math.abs(value - y) <= rounding ? AS_STATED : { reasons: [], value };
  };
}

/** The U of a row, and the tolerated part of its value. */
function tolerancesOf({ result, policy }: Asked, { y, expanded, k }: ResultRow & { readonly y: number }) {
  const own = credibleExpanded(expanded, k);
  return { own, part: result.scale === 'additive' ? own : policy.edge * Math.abs(y) };
}

function isWithin(value: number, { min, max }: Range, margin: number): boolean {
  return !isBelow(value + margin, min) && !isBelow(max, value - margin);
}

function limited({ min, max }: Range, within: Range): Range {
  return { min: nearestIn(min, within), max: nearestIn(max, within) };
}

function nearestIn(value: number, { min, max }: Range): number {
  return Math.min(Math.max(value, min), max);
}

function ordered(a: number, b: number): Range {
  return { min: Math.min(a, b), max: Math.max(a, b) };
}
