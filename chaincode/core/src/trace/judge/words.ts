import { withUnit } from '../../model/index.js';
import type { Result } from '../../model/index.js';
import type { Words } from '../support/index.js';
import { nameOf } from './sources.js';
import type { Offered } from './offered.js';
import { unitFor } from './units.js';

/** Digits of a value: as many as certificates state, and fewer than unit conversion rounds. */
const PLACE_DIGITS = 9;

/** Words for the numbers and sources of a result. */
export function wordsFor({ quantity, unit }: Result, offered: readonly Offered[]): Words {
  const { factor, offset } = unitFor(quantity, unit);
  return {
    uncertainty: (si) => withUnit(rounded(si / Math.abs(factor)), unit),
    value: (si) => withUnit(rounded((si - offset) / factor), unit),
    place: (si) => withUnit(Number(((si - offset) / factor).toPrecision(PLACE_DIGITS)), unit),
    number: (value) => rounded(value),
    source: (index) => {
      const of = offered[index]?.of;
      return of ? nameOf(of) : 'a source';
    },
  };
}

/** Its name, and its kind of quantity if the name does not contain it. */
export function resultTitle({ name, quantity }: Pick<Result, 'name' | 'quantity'>): string {
  return name.toLowerCase() === quantity ? name : `${name} (${quantity})`;
}

/** A row's value, for people. */
function valueOf({ unit, rows }: Result, row: number): string {
  const value = rows[row]?.value;
  return value === undefined || value === null ? `row ${row + 1}, which states no value` : withUnit(value, unit);
}

/** A row of a result with its arguments, for people: several rows may have the same value. */
export function whereOf(result: Result, row: number): string {
  const { arguments: all = [], rows } = result;
  const at = all.map(({ name, unit }, place) => {
    const stated = String(rows[row]?.at?.[place] ?? 'not stated');
    return `${name} ${unit === undefined ? stated : withUnit(stated, unit)}`;
  });
  return [valueOf(result, row), ...at].join(', ');
}

export function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
