import { log10, tenTo } from '../../model/index.js';
import { credibleExpanded } from '../coverageFactors.js';
import type { Asked, UsedSource } from './asked.js';
import { inputsOf, isOfResult, placesUsed, sensitivityAt, solePlace } from './contributions.js';
import type { At, Input } from './contributions.js';
import { exactExponent } from './exponents.js';
import type { ResultRow } from './input.js';
import { axesOf } from './matching.js';
import { isBelow, sumOf } from './numbers.js';
import type { Range, SupportPolicy } from './policy.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';
import { valuesBy } from './valueRegion.js';

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

/** y = C x1^n1 x2^n2 ..., compared without signs. Sums of logarithms neither overflow nor vanish. */
export function productModel(asked: Asked, inputs: readonly Input[]): Model {
  const constant = asked.result.constants.reduce((sum, { value }) => sum + log10(Math.abs(value)), 0);
  return modelOf(asked, inputs, (all, { y, expanded, k }) => {
    const terms = all.map(({ min, max }, place) => {
      const n = exactExponent(inputs[place]?.source.use.exponent ?? null);
      return ordered(n * log10(Math.abs(min)), n * log10(Math.abs(max)));
    });
    const [low, high] = [constant + sumOf(terms.map(({ min }) => min)), constant + sumOf(terms.map(({ max }) => max))];
    const size = Math.abs(y);
    const margin = Math.max(asked.policy.edge * size, credibleExpanded(expanded, k));
    const isWithin = !isBelow(log10(size + margin), low) && (margin >= size || !isBelow(high, log10(size - margin)));
    const given = isWithin
      ? Math.sign(y) * nearestIn(size, { min: tenTo(low), max: tenTo(high) })
      : tenTo((low + high) / 2);
    return { given, isWithin, size };
  });
}

/** y = c1 x1 + c2 x2 ... and the constants. */
export function sumModel(asked: Asked, inputs: readonly Input[]): Model {
  const { constants, rows } = asked.result;
  const constant = sumOf(constants.map(({ value }) => value));
  return modelOf(asked, inputs, (all, { y, expanded, k }, index) => {
    const terms = all.flatMap(({ min, max }, place) => {
      const input = inputs[place];
      const c = input ? sensitivityAt(input.source, 1, index, rows.length) : NaN;
      return ordered(c * min, c * max);
    });
    const [low, high] = [constant + sumOf(terms.map(({ min }) => min)), constant + sumOf(terms.map(({ max }) => max))];
    const size = terms.reduce((most, { min, max }) => Math.max(most, Math.abs(min), Math.abs(max)), 0);
    const margin = Math.max(asked.policy.edge * size, credibleExpanded(expanded, k));
    const isWithin = !isBelow(y + margin, low) && !isBelow(high, y - margin);
    return { given: isWithin ? nearestIn(y, { min: low, max: high }) : (low + high) / 2, isWithin, size };
  });
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
  const own = axesOf(source).findIndex(({ kind }) => kind === source.kind);
  return own < 0 ? valuesBy(source, policy) : (x) => ({ min: x[own] ?? NaN, max: x[own] ?? NaN });
}

interface Given {
  /** The value that the formula gives; of several, the nearest to the row's value. */
  readonly given: number;
  readonly isWithin: boolean;
  /** Tolerance relative to the largest term. */
  readonly size: number;
}

function modelOf(
  asked: Asked,
  inputs: readonly Input[],
  give: (all: readonly Range[], row: ResultRow & { readonly y: number }, index: number) => Given,
): Model {
  const { edge, floorTolerance } = asked.policy;
  const known = inputs.flatMap((input) => valuesUsed(input, asked) ?? []);
  if (known.length < inputsOf(asked).length || known.length === 0) {
    return () => AS_STATED;
  }
  return (row, index, used) => {
    const { y, expanded, k } = row;
    if (y === null) {
      return AS_STATED;
    }
    const all = known.map((of, place) => of(index, used[place]));
    const { given, isWithin, size } = give(all, { ...row, y }, index);
    if (!isWithin) {
      return { reasons: [reason('model-contradicts', { value: given })], value: null };
    }
    const rounding = floorTolerance * Math.min(edge * size, credibleExpanded(expanded, k));
    return Math.abs(given - y) <= rounding ? AS_STATED : { reasons: [], value: given };
  };
}

function nearestIn(value: number, { min, max }: Range): number {
  return Math.min(Math.max(value, min), max);
}

function ordered(a: number, b: number): Range {
  return { min: Math.min(a, b), max: Math.max(a, b) };
}
