import { unitName, unitText } from '@tracecal/core/model';
import type { Column } from './column.js';
import { draftUnit } from './units.js';
import type { DraftUnit } from './units.js';
import type { Role } from './vocabulary.js';

const PREFIXES = ['', '\\nano', '\\micro', '\\milli', '\\centi', '\\hecto', '\\kilo', '\\mega', '\\giga'];
const PREFIXED = ['metre', 'gram', 'second', 'ampere', 'kelvin', 'volt', 'ohm', 'watt', 'pascal', 'newton', 'hertz'];
const ALONE = ['degreecelsius', 'percent', 'bar', 'ppm', 'decibel', 'degree', 'litre', 'radian', 'kilogram'];

/** Units as column headings write them. */
const WRITTEN: ReadonlyMap<string, DraftUnit> = new Map(
  [...PREFIXED.flatMap((word) => PREFIXES.map((prefix) => `${prefix}\\${word}`)), ...ALONE.map((word) => `\\${word}`)]
    .flatMap((text) => {
      const unit = draftUnit(text);
      return unit ? [[unitText(text), unit] as const] : [];
    })
    .flatMap(([text, unit]) => [[text, unit] as const, [text.replace('µ', 'μ'), unit] as const]),
);

const DIFFERENCES: readonly Role[] = ['error', 'correction', 'deviation', 'uncertainty', 'limit'];

/** One letter in parentheses may be the name of anything: type (K), weighting (A). */
const AT_END = /(?:\[\s*([^[\]]+?)\s*\]|\(\s*([^()\s]{2,})\s*\)|\s(?:in|en)\s+(\S+))\s*$/u;

/** A unit that the name of a column says, where the column's values are in another one: what both are. */
export function unitAgainstName({
  name,
  unit,
  role,
}: Column): { readonly says: string; readonly is: string } | undefined {
  const [, bracketed, enclosed, worded] = AT_END.exec(name) ?? [];
  const says = bracketed ?? enclosed ?? worded ?? '';
  const named = WRITTEN.get(says);
  if (!named || !unit) {
    return undefined;
  }
  // A difference of 1 K is one of 1 °C.
  const isOfPoint = !DIFFERENCES.includes(role);
  const isSame =
    named.dimension === unit.dimension &&
    Math.abs(named.factor - unit.factor) <= 1e-12 * Math.abs(unit.factor) &&
    (!isOfPoint || named.offset === unit.offset);
  return isSame ? undefined : { says, is: unitName(unit.text) };
}
