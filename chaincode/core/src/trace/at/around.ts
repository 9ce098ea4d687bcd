import { scaleOf } from '../../model/index.js';
import type { Argument, Result } from '../../model/index.js';
import { credibleOf } from '../coverageFactors.js';
import { unitFor } from '../judge/units.js';
import { marginAround } from '../support/index.js';
import type { SupportPolicy } from '../support/index.js';
import type { AskedAt } from './askedAt.js';

/** Rows of a result by their places, or the argument in the question that the result does not state. */
export type Around =
  { readonly rows: readonly number[] } | { readonly unknown: string } | { readonly needsNumber: Argument };

/** A number that every row states, and the number in the question. */
interface Axis {
  readonly asked: number;
  /** How far outside the rows it may be, as a part of their span. */
  readonly edge: number;
  readonly of: (row: number) => number;
  /** How far the asked number may be from a single row. */
  readonly margin: (row: number) => number;
}

/**
 * The rows around a place: the row itself, or the two neighbours that enclose it on every axis. Rows that differ in other arguments
 * are grouped: for every frequency, the rows around the value. Empty if no rows enclose the place.
 */
export function rowsAround(result: Result, { value, arguments: asked }: AskedAt, policy: SupportPolicy): Around {
  const { edge } = policy;
  const axes: Axis[] = [];
  const columns = new Set<number>();
  let rows = result.rows.map((_, row) => row);
  for (const each of asked) {
    const column = columnOf(result, each.name);
    const argument = result.arguments?.[column];
    if (!argument) {
      return { unknown: each.name };
    }
    columns.add(column);
    if (argument.unit === undefined) {
      rows = rows.filter((row) => result.rows[row]?.at?.[column] === String(each.value));
    } else if (typeof each.value !== 'number') {
      return { needsNumber: argument };
    } else if (argument.role === 'setting') {
      const { value: setting } = each;
      rows = rows.filter((row) => isSame(numberAt(result, row, column), setting));
    } else {
      axes.push(argumentAxis(result, column, each.value, policy));
    }
  }
  const all = value === null ? axes : [...axes, valueAxis(result, value, edge)];
  return { rows: groupsOf(result, rows, columns).flatMap((group) => enclosing(group, all)) };
}

/** Finds an argument by the certificate's name for it, ignoring case; otherwise by its kind, if only one argument has that kind. */
function columnOf({ arguments: all = [] }: Result, name: string): number {
  const named = all.findIndex((argument) => argument.name.toLowerCase() === name.toLowerCase());
  const ofKind = all.flatMap(({ quantity }, column) => (quantity === name ? [column] : []));
  return named >= 0 ? named : ofKind.length === 1 ? (ofKind[0] ?? -1) : -1;
}

/** Groups of rows that differ only in the arguments of the question. */
function groupsOf(
  { rows: all }: Result,
  rows: readonly number[],
  columns: ReadonlySet<number>,
): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const others = (all[row]?.at ?? []).filter((_, column) => !columns.has(column));
    const key = JSON.stringify(others);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()];
}

function enclosing(rows: readonly number[], [axis, ...rest]: readonly Axis[]): readonly number[] {
  if (!axis) {
    return rows;
  }
  const sides = sidesOf(axis, rows).map((side) =>
    enclosing(
      rows.filter((row) => isSame(axis.of(row), side)),
      rest,
    ),
  );
  return sides.every((side) => side.length > 0) ? sides.flat() : [];
}

/** The asked number itself, or its neighbours on both sides; just outside the last row, the last row. */
function sidesOf({ asked, edge, of, margin }: Axis, rows: readonly number[]): readonly number[] {
  let [below, above] = [-Infinity, Infinity];
  let [min, max] = [Infinity, -Infinity];
  for (const row of rows) {
    const each = of(row);
    if (isSame(each, asked)) {
      return [each];
    }
    if (Number.isFinite(each)) {
      [min, max] = [Math.min(min, each), Math.max(max, each)];
      [below, above] = each < asked ? [Math.max(below, each), above] : [below, Math.min(above, each)];
    }
  }
  if (Number.isFinite(below) && Number.isFinite(above)) {
    return [below, above];
  }
  const nearest = Number.isFinite(below) ? below : above;
  const allowed = max > min ? edge * (max - min) : margin(rows.find((row) => of(row) === nearest) ?? -1);
  return Math.abs(asked - nearest) <= allowed ? [nearest] : [];
}

function argumentAxis(result: Result, column: number, asked: number, policy: SupportPolicy): Axis {
  const of = (row: number) => numberAt(result, row, column);
  const { quantity = '', unit = '' } = result.arguments?.[column] ?? {};
  const { factor } = unitFor(quantity, unit);
  return { asked, edge: policy.edge, of, margin: (row) => marginAround(quantity, factor * of(row), policy) / factor };
}

/** The tolerance around a single value on a scale whose zero is arbitrary: the row's own uncertainty. */
function valueAxis({ quantity, rows }: Result, asked: number, edge: number): Axis {
  const of = (row: number) => rows[row]?.value ?? NaN;
  const isAdditive = scaleOf(quantity) === 'additive';
  return {
    asked,
    edge,
    of,
    margin: (row) => (isAdditive ? credibleOf(rows[row]?.uncertainty) : edge * Math.abs(of(row))),
  };
}

function numberAt({ rows }: Result, row: number, column: number): number {
  const stated = rows[row]?.at?.[column];
  return typeof stated === 'number' ? stated : NaN;
}

/** Relative tolerance for the rounding of unit conversions; it is not a metrological tolerance. */
const SLACK = 1e-9;

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= SLACK * Math.max(Math.abs(a), Math.abs(b));
}
