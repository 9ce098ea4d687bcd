import { effectOf } from './effect.js';
import type { ResultRow, Role, Source, SourceRow, SupportedResult } from './input.js';
import { interpolate } from './interpolate.js';
import { axesOf, coordinates, matchAxes } from './matching.js';
import type { Point, Spread } from './nodes.js';
import { isBelow } from './numbers.js';
import type { SupportPolicy } from './policy.js';
import { lookUp, tableBy, tableOf } from './reference.js';
import type { Table } from './reference.js';

/** A source as an amendment is judged by: what moves is the error where one is stated, else the value. */
export interface AmendedSource extends Source {
  readonly rows: readonly (SourceRow & { readonly error: number | null })[];
}

export interface Versions {
  readonly before: AmendedSource;
  readonly after: AmendedSource;
}

/** What an amendment of a source changes for a row. */
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
  const isCompared = role === 'reference' && COMPARED.has(result.method);
  const [old, now] = [tablesOf(result, before, isCompared, policy), tablesOf(result, after, isCompared, policy)];
  const places = isCompared ? undefined : placesOf(before, old.values, result.rows.length);
  const effect = effectOf(result, role, before.use);
  return (row, index, u) => {
    const used = places ? (places[index] ?? places[0] ?? []) : [coordinates(row)];
    const all = used.map((x) => compare(old, now, x, row)).filter((each) => each !== undefined);
    return {
      lost: after.kind !== before.kind || all.some(({ lost }) => lost),
      shift: all.reduce((most, moved) => larger(most, effect(moved, row, index, u)), 0),
      grew: all.some((each) => isBelow((1 + policy.amendedGrowth) * each.before, each.after)),
    };
  };
}

const COMPARED: ReadonlySet<string> = new Set(['undeclared', 'direct', 'group', 'interpolated']);

interface Tables {
  readonly values: Table;
  readonly errors: Table;
  readonly uncertainties: Table;
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
  };
}

function extremes(points: readonly Point[]): Spread {
  let [low, high] = [Infinity, -Infinity];
  for (const { u } of points) {
    [low, high] = [Math.min(low, u), Math.max(high, u)];
  }
  return { low, high };
}

/** The declared place, one for all rows or one a row; else every place of the certificate. */
function placesOf({ use: { at } }: Source, { points, spans }: Table, rows: number): readonly (readonly number[][])[] {
  if (at === null) {
    return [points.map(({ x }) => [...x])];
  }
  return at.length === spans.length || at.length !== rows ? [[[...at]]] : at.map((x) => [[x]]);
}

/** Undefined where the row did not rest on this source: it was not covered before. */
function compare(old: Tables, now: Tables, x: readonly number[], row: ResultRow) {
  const before = lookUp(old.uncertainties, x, row);
  if (before.position === 'outside') {
    return undefined;
  }
  const after = lookUp(now.uncertainties, x, row);
  const value = numberAt(old.values, x);
  const errors = [numberAt(old.errors, x), numberAt(now.errors, x)] as const;
  const statesNone = errors.every(({ low }) => Number.isNaN(low));
  return {
    lost: after.position === 'outside',
    moved: statesNone ? distance(value, numberAt(now.values, x)) : distance(...errors),
    value: larger(Math.abs(value.low), Math.abs(value.high)),
    before: before.low,
    after: after.low,
  };
}

function numberAt({ columns, nodes, spans }: Table, x: readonly number[]): Spread {
  const own = columns.map((column) => x[column] ?? NaN);
  return interpolate(nodes, spans, own, 0);
}

function distance(a: Spread, b: Spread): number {
  return larger(Math.abs(a.low - b.low), Math.abs(a.high - b.high));
}

/** NaN stays: what cannot be computed counts as moved. */
function larger(a: number, b: number): number {
  return Number.isNaN(a) ? a : Math.max(a, b);
}
