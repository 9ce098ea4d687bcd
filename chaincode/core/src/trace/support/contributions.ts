import { exactRelation, valuesOf } from '../../model/index.js';
import type { Asked, UsedSource } from './asked.js';
import type { Source } from './input.js';
import {
  axesOf,
  coordinates,
  coordinatesIn,
  isNominal,
  isPlacedByValue,
  matchAxes,
  ownArgumentsIn,
  ownPairs,
} from './matching.js';
import { NO_SPREAD } from './nodes.js';
import { NO_ERRORS, timesErrors } from './errors.js';
import type { Lookup } from './interpolate.js';
import { isClose, isPositive } from './numbers.js';
import { errorsIn, interpolateAt, isPlace, lookUp, measured, tableOf } from './reference.js';
import type { Measure, Table } from './reference.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';
import { valuePointsOf, valueRegionOf, withValue } from './valueRegion.js';
import type { ValueRegion } from './valueRegion.js';

/** The contribution of one source to a row, before its exponent or sensitivity. */
export interface At extends Lookup {
  readonly source: number;
  /** If the result has the value of its only input: the nearest place to the row that the input covers, with the value last. */
  readonly nearestOfRow?: readonly number[] | undefined;
}

export interface Contribution extends At {
  readonly of: UsedSource;
  readonly factor: number;
}

export interface Input {
  readonly source: UsedSource;
  readonly reasons: readonly Reason[];
  /** For a row of the result. */
  at(row: number): At;
}

/** The sources that a result is computed from, without influences. */
export function inputsOf({ sources }: Asked): readonly UsedSource[] {
  return sources.filter(({ role }) => role === 'reference' || role === 'input' || role === 'ratio');
}

/** At the arguments at which it was used. */
export function inputOf(source: UsedSource, asked: Asked, measure: Measure): Input {
  const { index, use } = source;
  if (use.at === null) {
    return withoutPlace(source, asked, measure);
  }
  const places = placesUsed(source, asked.result.rows.length);
  if (!places) {
    const nowhere: At = { source: index, position: 'inside', ...NO_SPREAD };
    return { source, reasons: [reason('at-unusable', { source: index })], at: () => nowhere };
  }
  // Between two values the uncertainty is linear; its ratio to the value is not: 0.1 ms at 1 s and 1 ms at 1000 s give 0.2 ms at 100
  // s.
  const isOfValue = measure === 'relative' && (isOwnArgument(source) || namesValue(source, places(0)));
  const pairs = ownPairs(source);
  const table = tableOf(source, index, pairs, isOfValue ? 'absolute' : measure, asked.policy);
  const { kind, scale } = source;
  const ranges = { kind: kind ?? '', scale, values: valuesOf(kind ?? '') };
  const region = namesValue(source, places(0))
    ? valueRegionOf(source, pairs, valuePointsOf(source, pairs, kind), ranges, asked.policy)
    : undefined;
  const at = (row: number) => usedAt(source, table, region, places(row));
  return { source, reasons: [], at: isOfValue ? (row) => partOfValue(at(row), places(row)) : at };
}

/** It has no other argument than its value; a temperature, too, enters a product with its part of the value. */
function isOwnArgument(source: UsedSource): boolean {
  const [first, ...more] = axesOf(source);
  return source.scale !== 'coefficient' && first !== undefined && isNominal(first, source.kind) && more.length === 0;
}

/** Whether a place names the value of the source too, after its arguments. */
function namesValue(source: Source, { length }: readonly number[]): boolean {
  return isPlacedByValue(source) && length > axesOf(source).length;
}

function partOfValue(at: At, place: readonly number[]): At {
  const value = place.at(-1) ?? NaN;
  const size = Math.abs(value);
  return { ...at, low: at.low / size, high: at.high / size, errors: timesErrors(at.errors, value < 0 ? -1 : 1) };
}

/**
 * The places where a source was used: one place for all rows or, for a source with one argument, one number for each row. A place has
 * a number for each argument and, if the source has several values at them, may name the value last.
 */
export function placesUsed(source: Source, rows: number): ((row: number) => readonly number[]) | undefined {
  const { at } = source.use;
  const axes = axesOf(source).length;
  if (at?.length === axes) {
    return () => at;
  }
  if (axes === 1 && at?.length === rows) {
    return (row) => [at[row] ?? NaN];
  }
  return at && namesValue(source, at) && at.length === axes + 1 ? () => at : undefined;
}

function usedAt(source: UsedSource, table: Table, region: ValueRegion | undefined, x: readonly number[]): At {
  if (!isPlace(table, x)) {
    return { source: source.index, position: 'outside', ...NO_SPREAD };
  }
  // Around a single point of an additive kind, the margin is that point's own uncertainty.
  const own = Math.max(...source.rows.slice(0, 1).map((row) => measured(row, 'absolute')));
  const found = interpolateAt(table, x, own);
  return {
    source: source.index,
    ...withValue(found, region, { y: x.at(-1) ?? NaN, expanded: own, k: 1 }, x),
  };
}

/**
 * The report does not state where the source was used, but the result states some of its coordinates: the source was used at these, and
 * elsewhere its best counts.
 */
function atArguments(source: UsedSource, { result, policy }: Asked, measure: Measure): Input | undefined {
  const shared = ownArgumentsIn(result, source);
  if (shared.length === 0) {
    return undefined;
  }
  const { index } = source;
  const columns = new Map(shared.map(({ axis, column }) => [axis, column]));
  const pairs = ownPairs(source).filter(({ axis }) => columns.has(axis));
  const isOfValue = measure === 'relative' && isOwnArgument(source);
  const table = tableOf(source, index, pairs, isOfValue ? 'absolute' : measure, policy);
  const isWhole = pairs.length === ownPairs(source).length;
  return {
    source,
    reasons: isWhole ? [] : bestOfRange(source, measure).reasons,
    at(place) {
      const row = result.rows[place];
      const stated = row ? coordinates(row) : [];
      const x = axesOf(source).map((_, axis) => stated[columns.get(axis) ?? -1] ?? NaN);
      const { position, low, high, errors } = usedAt(source, table, undefined, x);
      const at = { source: index, position, low, high: isWhole ? high : low, errors };
      return isOfValue ? partOfValue(at, x) : at;
    },
  };
}

/**
 * The report does not state where the source was used. A source that alone gives the value of the result was used at that value.
 * Beside other sources it may have been used anywhere, and a calibration of 0 °C to 100 °C would reach 1500 °C. Any other source was used
 * at the arguments of the row that it has too; for the rest, the smallest uncertainty of its range counts.
 */
function withoutPlace(source: UsedSource, asked: Asked, measure: Measure): Input {
  const { index } = source;
  const best = (solePlace(source) ? undefined : atArguments(source, asked, measure)) ?? bestOfRange(source, measure);
  if (asked.result.method === 'scaled' || !isOfResult(source, asked)) {
    return best;
  }
  if (isResultItself(source, asked)) {
    return atRow(source, asked, measure);
  }
  return solePlace(source) ? best : { ...best, reasons: [reason('at-missing', { source: index })] };
}

/** The source gives the kind of the result, or a kind that an exact relation connects with it. */
export function isOfResult({ kind }: UsedSource, { result }: Asked): boolean {
  return kind === result.kind || (kind !== null && exactRelation(kind, result.kind) !== undefined);
}

/** The formula only states that the result has the value of its only input. */
function isResultItself({ kind, use: { exponent, sensitivity } }: UsedSource, asked: Asked): boolean {
  const { kind: own, constants, method } = asked.result;
  const factors = method === 'product' ? [exponent] : (sensitivity?.values ?? [1]);
  const isAlone = inputsOf(asked).length === 1 && constants.length === 0;
  return isAlone && kind === own && factors.every((each) => each === 1);
}

function atRow(source: UsedSource, { result, policy }: Asked, measure: Measure): Input {
  const { index } = source;
  const { pairs, lacksFirst, ambiguous } = matchAxes(result, source);
  const table = tableOf(source, index, pairs, measure, policy);
  const region = valueRegionOf(source, pairs, valuePointsOf(source, pairs, result.kind), result, policy);
  return {
    source,
    reasons: lacksFirst || ambiguous.length > 0 ? [reason('at-missing', { source: index })] : [],
    at(place) {
      const row = result.rows[place];
      const x = row && coordinates(row);
      if (!row || !x) {
        return { source: index, position: 'outside', ...NO_SPREAD };
      }
      const found = withValue(lookUp(table, x, row), region, row, x);
      return { source: index, ...found, nearestOfRow: found.nearest };
    },
  };
}

/** The place where a source with a single row was used, if that is not stated: the covered place nearest to the row. */
export function solePlace(source: UsedSource): readonly number[] | undefined {
  const [only, ...more] = source.rows;
  return source.use.at === null && only && more.length === 0
    ? coordinatesIn(source)({ ...only, ...only.covered })
    : undefined;
}

/** Adds a note if the choice of the place matters. */
function bestOfRange(source: UsedSource, measure: Measure): Input {
  const errorsOf = errorsIn(source, measure);
  let [low, high, errors] = [Infinity, 0, NO_ERRORS];
  for (const row of source.rows) {
    const u = measured(row, measure);
    if (isPositive(u)) {
      errors = u < low ? errorsOf(row) : errors;
      [low, high] = [Math.min(low, u), Math.max(high, u)];
    }
  }
  const { index } = source;
  const best: At = { source: index, position: 'inside', low, high: low, errors };
  return {
    source,
    reasons: high > 0 && !isClose(low, high) ? [reason('best-of-range', { source: index })] : [],
    at: () => best,
  };
}

export function missingSensitivity({ index, use }: UsedSource, usual: number | null, rows: number): readonly Reason[] {
  const values = use.sensitivity?.values ?? (usual === null ? [] : [usual]);
  const isStated = (values.length === 1 || values.length === rows) && values.every(Number.isFinite);
  return isStated ? [] : [reason('sensitivity-missing', { source: index })];
}

export function sensitivityAt({ use }: UsedSource, usual: number | null, row: number, rows: number): number {
  const values = use.sensitivity?.values ?? (usual === null ? [] : [usual]);
  return (values.length === 1 ? values[0] : values.length === rows ? values[row] : NaN) ?? NaN;
}
