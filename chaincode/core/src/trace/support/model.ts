import { log10, tenTo } from '../../model/index.js';
import { credibleExpanded } from '../coverageFactors.js';
import type { Asked, UsedSource } from './asked.js';
import { isOfResult, placesUsed, sensitivityAt, solePlace } from './contributions.js';
import { exactExponent } from './exponents.js';
import type { ResultRow } from './input.js';
import { axesOf } from './matching.js';
import { isBelow, sumOf } from './numbers.js';
import type { Range, SupportPolicy } from './policy.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';
import { valuesBy } from './valueRegion.js';

/*
 * What a declared formula gives at the places where its inputs were used, against the value that a row states: a formula that
 * gives another value does not support it. Nothing is compared unless the places of all inputs are stated, or the only ones of inputs
 * of the result's kind.
 */

/** What the formula makes of a row's value. */
export type Model = (row: ResultRow, index: number) => readonly Reason[];

/** y = C x1^n1 x2^n2 ..., compared without signs. Sums of logarithms neither overflow nor vanish. */
export function productModel(asked: Asked, inputs: readonly UsedSource[]): Model {
  const values = inputs.map((source) => valuesUsed(source, asked));
  const constant = asked.result.constants.reduce((sum, { value }) => sum + log10(Math.abs(value)), 0);
  return compared(values, (all, { y, expanded, k }) => {
    const terms = all.map(({ min, max }, place) => {
      const n = exactExponent(inputs[place]?.use.exponent ?? null);
      return ordered(n * log10(Math.abs(min)), n * log10(Math.abs(max)));
    });
    const [low, high] = [constant + sumOf(terms.map(({ min }) => min)), constant + sumOf(terms.map(({ max }) => max))];
    const size = Math.abs(y);
    const margin = Math.max(asked.policy.edge * size, credibleExpanded(expanded, k));
    const isWithin = !isBelow(log10(size + margin), low) && (margin >= size || !isBelow(high, log10(size - margin)));
    return isWithin ? undefined : tenTo((low + high) / 2);
  });
}

/** y = c1 x1 + c2 x2 ... and the constants. */
export function sumModel(asked: Asked, inputs: readonly UsedSource[]): Model {
  const { constants, rows } = asked.result;
  const values = inputs.map((source) => valuesUsed(source, asked));
  const constant = sumOf(constants.map(({ value }) => value));
  return compared(values, (all, { y, expanded, k }, index) => {
    const terms = all.flatMap(({ min, max }, place) => {
      const source = inputs[place];
      const c = source ? sensitivityAt(source, 1, index, rows.length) : NaN;
      return ordered(c * min, c * max);
    });
    const [low, high] = [constant + sumOf(terms.map(({ min }) => min)), constant + sumOf(terms.map(({ max }) => max))];
    const largest = terms.reduce((most, { min, max }) => Math.max(most, Math.abs(min), Math.abs(max)), 0);
    const margin = Math.max(asked.policy.edge * largest, credibleExpanded(expanded, k));
    return !isBelow(y + margin, low) && !isBelow(high, y - margin) ? undefined : (low + high) / 2;
  });
}

/** The values of a source where it was used for a row; undefined where no place is stated, or nothing is known of it. */
type ValuesUsed = ((row: number) => Range) | undefined;

function valuesUsed(source: UsedSource, asked: Asked): ValuesUsed {
  const { result, policy } = asked;
  const sole = isOfResult(source, asked) ? solePlace(source) : undefined;
  const places = sole ? () => sole : placesUsed(source, result.rows.length);
  if (!places || source.rows.length === 0) {
    return undefined;
  }
  const of = valueOf(source, policy);
  return (row) => of(places(row));
}

/** Where the value is its own argument, the place is the value. */
function valueOf(source: UsedSource, policy: SupportPolicy): (x: readonly number[]) => Range {
  const own = axesOf(source).findIndex(({ kind }) => kind === source.kind);
  return own < 0 ? valuesBy(source, policy) : (x) => ({ min: x[own] ?? NaN, max: x[own] ?? NaN });
}

/** @param contradicting The value that the formula gives instead; undefined where it gives that of the row. */
function compared(
  values: readonly ValuesUsed[],
  contradicting: (all: readonly Range[], row: ResultRow & { readonly y: number }, index: number) => number | undefined,
): Model {
  const known = values.flatMap((each) => each ?? []);
  if (known.length < values.length || values.length === 0) {
    return () => [];
  }
  return (row, index) => {
    const { y } = row;
    if (y === null) {
      return [];
    }
    const all = known.map((of) => of(index));
    const value = contradicting(all, { ...row, y }, index);
    return value === undefined ? [] : [reason('model-contradicts', { value })];
  };
}

function ordered(a: number, b: number): Range {
  return { min: Math.min(a, b), max: Math.max(a, b) };
}
