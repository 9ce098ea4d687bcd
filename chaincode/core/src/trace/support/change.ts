import { valuesOf } from '../../model/index.js';
import { placesUsed } from './contributions.js';
import { effectOf } from './effect.js';
import { NO_ERRORS } from './errors.js';
import type { ResultRow, Role, Source, SourceRow, SupportedResult } from './input.js';
import type { Lookup } from './interpolate.js';
import { coordinates, isPlacedByValue, matchAxes } from './matching.js';
import type { Match } from './matching.js';
import { enclose } from './nodes.js';
import type { Point, Spread } from './nodes.js';
import { isBelow } from './numbers.js';
import { firstWith } from './places.js';
import type { SupportPolicy } from './policy.js';
import { interpolateAt, lookUp, tableBy, tableOf } from './reference.js';
import type { Table } from './reference.js';
import { valuePointsOf, valueRegionOf, withValue } from './valueRegion.js';
import type { ValueRegion } from './valueRegion.js';

/** A source, to judge an amendment: its values, or the errors that it states, may change. */
export interface AmendedSource extends Source {
  readonly rows: readonly (SourceRow & { readonly error: number | null })[];
}

/** Both as the result uses them, with the declared places by the arguments of each. */
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
  // A compared reference is asked at the arguments of the rows, any other source at those of the amended version.
  const asking = isCompared ? result : { kind: before.kind ?? '', axes: before.axes };
  const [old, now] = [tablesOf(asking, before, policy), tablesOf(asking, after, policy)];
  const places = isCompared ? undefined : placesOf(before, old.values, result.rows.length);
  const effect = effectOf(result, role, before.use);
  return (row, index, u) => {
    const used = places?.(index) ?? [coordinates(row)];
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

type Asking = Parameters<typeof matchAxes>[0];

interface Tables {
  readonly values: Table;
  readonly errors: Table;
  readonly uncertainties: Table;
  readonly region: ValueRegion | undefined;
  /** The column for its value, if the value is a coordinate; the values of its rows at the arguments of a place, in order. */
  readonly own: { readonly column: number; at(x: readonly number[]): readonly number[] } | undefined;
}

/** @param asking Whose arguments are looked up. */
function tablesOf(asking: Asking, source: AmendedSource, policy: SupportPolicy): Tables {
  const { pairs } = matchAxes(asking, source);
  const by = (of: (row: AmendedSource['rows'][number]) => number) =>
    tableBy(source, 0, pairs, policy, { of, leaf: extremes });
  const { kind, scale } = source;
  const ranges = { kind: kind ?? '', scale, values: valuesOf(kind ?? '') };
  const value = pairs.find(({ axis }) => axis === source.axes.length);
  return {
    values: by(({ y }) => y ?? NaN),
    errors: by(({ error }) => error ?? NaN),
    uncertainties: tableOf(source, 0, pairs, 'absolute', policy),
    region: isPlacedByValue(source)
      ? valueRegionOf(source, pairs, valuePointsOf(source, pairs, kind), ranges, policy)
      : undefined,
    own: value && { column: value.column, at: valuesAt(source, pairs, policy) },
  };
}

/** The values of a source by its arguments. */
function valuesAt(
  source: AmendedSource,
  pairs: Match['pairs'],
  policy: SupportPolicy,
): (x: readonly number[]) => readonly number[] {
  if (source.axes.length === 0) {
    const all = distinct(source.rows.flatMap(({ y }) => y ?? []));
    return () => all;
  }
  const others = pairs.filter(({ axis }) => axis < source.axes.length);
  const values: (readonly number[])[] = [];
  const places = new Map<Spread, number>();
  const leaf = (points: readonly Point[]) => {
    const all = extremes(points);
    places.set(all, values.length);
    values.push(distinct(points.map(({ u }) => u)));
    return all;
  };
  const { columns, nodes, spans } = tableBy(source, 0, others, policy, { of: ({ y }) => y ?? NaN, leaf });
  // Remembered, because most rows ask at the same arguments.
  const together = new Map<string, readonly number[]>();
  return (x) => {
    const own = columns.map((column) => x[column] ?? NaN);
    const found = enclose(nodes, spans, own, 0).leaves.flatMap((each) => places.get(each) ?? []);
    const key = found.join(' ');
    const all = together.get(key) ?? distinct(found.flatMap((place) => values[place] ?? []));
    together.set(key, all);
    return all;
  };
}

function distinct(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function extremes(points: readonly Point[]): Spread {
  let [low, high] = [Infinity, -Infinity];
  for (const { u } of points) {
    [low, high] = [Math.min(low, u), Math.max(high, u)];
  }
  return { low, high, errors: NO_ERRORS };
}

/** The declared place, one for all rows or one for each row; without it, every place of the certificate. */
function placesOf(source: Source, { columns, points }: Table, rows: number): (row: number) => readonly Place[] {
  if (source.use.at === null) {
    const all = points.map(({ x }) => columns.map((_, column) => x[columns.indexOf(column)] ?? NaN));
    return () => all;
  }
  const { at } = source.use;
  const places = placesUsed(source, rows);
  return (row) => [places?.(row) ?? at];
}

type Place = readonly number[];

/** Undefined if the row did not rest on this source, because the source did not cover it before. */
function compare(old: Tables, now: Tables, x: Place, row: ResultRow, policy: SupportPolicy) {
  const before = uncertaintyAt(old, x, row);
  if (before.position === 'outside') {
    return undefined;
  }
  const after = uncertaintyAt(now, x, row);
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

function uncertaintyAt({ uncertainties, region, own }: Tables, x: Place, row: ResultRow): Lookup {
  const value = own ? x[own.column] : undefined;
  const found = lookUp(uncertainties, x, row);
  return isKnown(value) ? withValue(found, region, { ...row, y: value }, x) : found;
}

function isKnown(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value);
}

function moveOfValue(old: Tables, now: Tables, x: Place, { edge }: SupportPolicy) {
  const value = old.own && x[old.own.column];
  if (!isKnown(value) || !old.own || !now.own) {
    return { moved: distance(numberAt(old.values, x), numberAt(now.values, x)), isGone: false };
  }
  const [own, left] = [old.own.at(x), now.own.at(x)];
  const moved = moveOfOwn(own, left, value);
  return { moved, isGone: own.length !== left.length && moved > edge * spanOf(own) };
}

/**
 * How far the values that identify a place moved: compared in order or, if values were added or removed, with the nearest remaining
 * one. For values that are their own arguments, nothing else shows a change.
 */
function moveOfOwn(before: readonly number[], after: readonly number[], x: number): number {
  const above = firstWith(before, (each) => each > x);
  const places = before[above - 1] === x ? [above - 1] : [above - 1, above];
  return places.reduce((most, place) => {
    const value = before[place];
    const counterpart = before.length === after.length ? after[place] : nearest(after, value ?? NaN);
    return value === undefined ? most : larger(most, Math.abs((counterpart ?? NaN) - value));
  }, 0);
}

function nearest(sorted: readonly number[], value: number): number | undefined {
  const above = firstWith(sorted, (each) => each > value);
  const [low, high] = [sorted[above - 1], sorted[above]];
  return low === undefined || (high !== undefined && high - value < value - low) ? high : low;
}

function spanOf(sorted: readonly number[]): number {
  return (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
}

function numberAt(table: Table, x: Place): Spread {
  return interpolateAt(table, x, 0);
}

function distance(a: Spread, b: Spread): number {
  return larger(Math.abs(a.low - b.low), Math.abs(a.high - b.high));
}

/** NaN stays NaN: a change that cannot be computed counts as a change. */
function larger(a: number, b: number): number {
  return Number.isNaN(a) ? a : Math.max(a, b);
}
