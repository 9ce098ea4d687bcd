import { effectOf } from './effect.js';
import { NO_ERRORS } from './errors.js';
import type { ResultRow, Role, Source, SourceRow, SupportedResult } from './input.js';
import { interpolate } from './interpolate.js';
import { axesOf, coordinates, matchAxes } from './matching.js';
import { firstAbove } from './nodes.js';
import type { Point, Spread } from './nodes.js';
import { isBelow } from './numbers.js';
import type { SupportPolicy } from './policy.js';
import { lookUp, tableBy, tableOf } from './reference.js';
import type { Table } from './reference.js';

/** A source, to judge an amendment: its values, or the errors that it states, may change. */
export interface AmendedSource extends Source {
  readonly rows: readonly (SourceRow & { readonly error: number | null })[];
}

export interface Versions {
  readonly before: AmendedSource;
  readonly after: AmendedSource;
}

/** The change of a row by an amendment of a source. */
export interface Change {
  /** The amended version does not cover a place that the row uses. */
  readonly lost: boolean;
  /** Effect on the row, in the unit of the result. */
  readonly shift: number;
  /** The uncertainty grew by more than the policy ignores. */
  readonly grew: boolean;
}

/** @returns a function of a row, its place and its standard uncertainty */
export function changesOf(
  result: SupportedResult,
  role: Role,
  versions: Versions,
  policy: SupportPolicy,
): (row: ResultRow, index: number, u: number) => Change {
  const { before, after } = versions;
  const isOther = saysOther(before, after);
  const isCompared = role === 'reference' && COMPARED.has(result.method);
  const [old, now] = [tablesOf(result, before, isCompared, policy), tablesOf(result, after, isCompared, policy)];
  const places = isCompared ? undefined : placesOf(before, old.values, result.rows.length);
  const effect = effectOf(result, role, before.use);
  return (row, index, u) => {
    const used = places ? (places[index] ?? places[0] ?? []) : [coordinates(row)];
    const all = used.map((x) => compare(old, now, x, row, policy)).filter((each) => each !== undefined);
    return {
      lost: isOther ? all.length > 0 : all.some(({ lost }) => lost),
      shift: all.reduce((most, moved) => larger(most, effect(moved, row, index, u)), 0),
      grew: all.some((each) => isBelow((1 + policy.amendedGrowth) * each.before, each.after)),
    };
  };
}

/** Whether the amended version gives nothing that could be compared with the earlier one. */
function saysOther(before: AmendedSource, after: AmendedSource): boolean {
  const kinds = ({ axes }: AmendedSource) => axes.map(({ kind }) => kind).sort();
  return (
    after.rows.length === 0 ||
    after.kind !== before.kind ||
    after.dimension !== before.dimension ||
    kinds(after).join() !== kinds(before).join()
  );
}

const COMPARED: ReadonlySet<string> = new Set(['undeclared', 'direct', 'group', 'interpolated']);

interface Tables {
  readonly values: Table;
  readonly errors: Table;
  readonly uncertainties: Table;
  /** Its values in order, if the values are their own arguments. */
  readonly own: readonly number[] | undefined;
}

/** A compared reference is asked at the arguments of the rows, any other source at its own. */
function tablesOf(result: SupportedResult, source: AmendedSource, isCompared: boolean, policy: SupportPolicy): Tables {
  const pairs = isCompared
    ? matchAxes(result, source).pairs
    : axesOf(source).map((_, axis) => ({ axis, column: axis }));
  const by = (of: (row: AmendedSource['rows'][number]) => number) =>
    tableBy(source, 0, pairs, policy, { of, leaf: extremes });
  return {
    values: by(({ y }) => y ?? NaN),
    errors: by(({ error }) => error ?? NaN),
    uncertainties: tableOf(source, 0, pairs, 'absolute', policy),
    own: source.axes.length === 0 && pairs.length === 1 ? distinct(source) : undefined,
  };
}

function distinct({ rows }: AmendedSource): readonly number[] {
  return [...new Set(rows.flatMap(({ y }) => y ?? []))].sort((a, b) => a - b);
}

function extremes(points: readonly Point[]): Spread {
  let [low, high] = [Infinity, -Infinity];
  for (const { u } of points) {
    [low, high] = [Math.min(low, u), Math.max(high, u)];
  }
  return { low, high, errors: NO_ERRORS };
}

/** The declared place, one for all rows or one for each row; without it, every place of the certificate. */
function placesOf({ use: { at } }: Source, { points, spans }: Table, rows: number): readonly (readonly number[][])[] {
  if (at === null) {
    return [points.map(({ x }) => [...x])];
  }
  return at.length === spans.length || at.length !== rows ? [[[...at]]] : at.map((x) => [[x]]);
}

/** Undefined if the row did not rest on this source, because the source did not cover it before. */
function compare(old: Tables, now: Tables, x: readonly number[], row: ResultRow, policy: SupportPolicy) {
  const before = lookUp(old.uncertainties, x, row);
  if (before.position === 'outside') {
    return undefined;
  }
  const after = lookUp(now.uncertainties, x, row);
  const value = numberAt(old.values, x);
  const errors = [numberAt(old.errors, x), numberAt(now.errors, x)] as const;
  const statesNone = errors.every(({ low }) => Number.isNaN(low));
  const { moved, isGone } = moveOfValue(old, now, x, policy);
  return {
    lost: after.position === 'outside' || isGone,
    moved: statesNone ? moved : larger(moved, distance(...errors)),
    value: larger(Math.abs(value.low), Math.abs(value.high)),
    before: before.low,
    after: after.low,
  };
}

function moveOfValue(old: Tables, now: Tables, x: readonly number[], { edge }: SupportPolicy) {
  const [own, left] = [old.own, now.own];
  if (!own || !left) {
    return { moved: distance(numberAt(old.values, x), numberAt(now.values, x)), isGone: false };
  }
  const moved = moveOfOwn(own, left, x[old.values.columns[0] ?? 0] ?? NaN);
  return { moved, isGone: own.length !== left.length && moved > edge * spanOf(own) };
}

/**
 * How far the values that identify a place moved: compared in order or, if values were added or removed, with the nearest remaining
 * one. For values that are their own arguments, nothing else shows a change.
 */
function moveOfOwn(before: readonly number[], after: readonly number[], x: number): number {
  const above = firstAbove(before, x);
  const places = before[above - 1] === x ? [above - 1] : [above - 1, above];
  return places.reduce((most, place) => {
    const value = before[place];
    const counterpart = before.length === after.length ? after[place] : nearest(after, value ?? NaN);
    return value === undefined ? most : larger(most, Math.abs((counterpart ?? NaN) - value));
  }, 0);
}

function nearest(sorted: readonly number[], value: number): number | undefined {
  const above = firstAbove(sorted, value);
  const [low, high] = [sorted[above - 1], sorted[above]];
  return low === undefined || (high !== undefined && high - value < value - low) ? high : low;
}

function spanOf(sorted: readonly number[]): number {
  return (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
}

function numberAt({ columns, nodes, spans }: Table, x: readonly number[]): Spread {
  const own = columns.map((column) => x[column] ?? NaN);
  return interpolate(nodes, spans, own, 0);
}

function distance(a: Spread, b: Spread): number {
  return larger(Math.abs(a.low - b.low), Math.abs(a.high - b.high));
}

/** NaN stays NaN: a change that cannot be computed counts as a change. */
function larger(a: number, b: number): number {
  return Number.isNaN(a) ? a : Math.max(a, b);
}
