import { scaleOf, valuesOf } from '../../model/index.js';
import type { Argument, Result } from '../../model/index.js';
import { convertedValue } from '../cmc/convert.js';
import { credibleOf } from '../coverageFactors.js';
import { unitFor } from '../judge/units.js';
import type { Range, SupportPolicy } from '../support/index.js';
import { isClose } from '../support/numbers.js';
import { EXACT, marginAround, marginOf, neighbours, placesAlong } from '../support/places.js';
import type { Tolerance } from '../support/places.js';
import type { AskedAt } from './askedAt.js';

/** Rows of a result by their places, or the argument in the question that the result does not state. */
export type Around =
  { readonly rows: readonly number[] } | { readonly unknown: string } | { readonly needsNumber: Argument };

/** A number that every row states, and the number in the question. */
interface Axis {
  readonly asked: number;
  readonly of: (row: number) => number;
  /** Numbers that count as the same place. */
  readonly tolerance: Tolerance;
  /** How far the asked number may be outside the rows, beyond this one. */
  readonly margin: (range: Range, row: number) => number;
}

/**
 * The rows around a place: the row itself, or the two neighbours that enclose it on every axis. Rows that differ in other arguments
 * are grouped: for every frequency, the rows around the value. Empty if no rows enclose the place.
 */
export function rowsAround(
  result: Result,
  { value, unit = result.unit, arguments: asked }: AskedAt,
  policy: SupportPolicy,
): Around {
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
    } else {
      const number = inUnitOf(argument.quantity, argument.unit, each.value, each.unit);
      if (argument.role === 'setting') {
        rows = rows.filter((row) => isClose(numberAt(result, row, column), number));
      } else {
        axes.push(argumentAxis(result, column, number, policy));
      }
    }
  }
  const all =
    value === null ? axes : [...axes, valueAxis(result, inUnitOf(result.quantity, result.unit, value, unit), policy)];
  return { rows: groupsOf(result, rows, columns).flatMap((group) => enclosing(group, all)) };
}

/** A number of the question in the unit of the rows; NaN, which no rows enclose, if the units cannot be compared. */
function inUnitOf(quantity: string | undefined, unit: string, number: number, own = unit): number {
  return own === unit ? number : convertedValue(quantity ?? '', number, own, unit);
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
  if (Number.isNaN(axis.asked)) {
    return [];
  }
  const sides = sidesOf(axis, rows).map((side) => enclosing(side, rest));
  return sides.every((side) => side.length > 0) ? sides.flat() : [];
}

/** The rows at the asked number itself, or at its neighbours on both sides; just outside the last row, those of the last place. */
function sidesOf({ asked, of, tolerance, margin }: Axis, rows: readonly number[]): readonly (readonly number[])[] {
  const known = rows.filter((row) => Number.isFinite(of(row)));
  const { at, groups } = placesAlong(known, of, tolerance);
  const { indices, exact } = neighbours(at, asked, tolerance);
  const sides = indices.flatMap((index) => (groups[index] ? [groups[index]] : []));
  const [only, ...more] = sides;
  if (exact || !only || more.length > 0) {
    return sides;
  }
  const range = { min: at[0]?.min ?? NaN, max: at.at(-1)?.max ?? NaN };
  const [end, row = -1] = asked < range.min ? [range.min, only[0]] : [range.max, only.at(-1)];
  return Math.abs(asked - end) <= margin(range, row) ? sides : [];
}

function argumentAxis(result: Result, column: number, asked: number, policy: SupportPolicy): Axis {
  const of = (row: number) => numberAt(result, row, column);
  const { quantity = '', unit = '' } = result.arguments?.[column] ?? {};
  const { factor } = unitFor(quantity, unit);
  const inUnit = ({ min, max }: Range) => ({ min: factor * min, max: factor * max });
  return {
    asked,
    of,
    // A value that is a place chooses among the rows at nearly equal arguments; among findings the argument chooses.
    tolerance:
      valuesOf(result.quantity) === 'range' && quantity !== result.quantity
        ? (number) => marginAround(quantity, factor * number, policy) / factor
        : EXACT,
    margin: (range, row) => marginOf(inUnit(range), quantity, false, policy)(factor * of(row), 0) / factor,
  };
}

/** The tolerance around values on a scale whose zero is arbitrary: the row's own uncertainty. */
function valueAxis({ quantity, rows }: Result, asked: number, policy: SupportPolicy): Axis {
  const of = (row: number) => rows[row]?.value ?? NaN;
  const isAdditive = scaleOf(quantity) === 'additive';
  return {
    asked,
    of,
    tolerance: EXACT,
    margin: (range, row) => marginOf(range, null, isAdditive, policy)(of(row), credibleOf(rows[row]?.uncertainty)),
  };
}

function numberAt({ rows }: Result, row: number, column: number): number {
  const stated = rows[row]?.at?.[column];
  return typeof stated === 'number' ? stated : NaN;
}
