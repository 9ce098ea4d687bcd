import { parseUnit, unitText } from '../../model/index.js';
import type { Result } from '../../model/index.js';
import type { Words } from '../support/index.js';
import { nameOf } from './sources.js';
import type { Offered } from './asked.js';

/** How sentences about a result name its numbers and sources. */
export function wordsFor({ unit }: Result, offered: readonly Offered[]): Words {
  const factor = parseUnit(unit)?.factor ?? NaN;
  return {
    uncertainty: (si) => `${rounded(si / Math.abs(factor))} ${unitText(unit)}`,
    number: (value) => rounded(value),
    source: (index) => {
      const of = offered[index]?.of;
      return of ? nameOf(of) : 'a source';
    },
  };
}

/** A row of a result, for people. */
export function placeOf({ unit, rows }: Result, row: number): string {
  const value = rows[row]?.value;
  return value === undefined || value === null ? `row ${row + 1}` : `${value} ${unitText(unit)}`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
