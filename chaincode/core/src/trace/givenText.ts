import { withUnit } from '../model/index.js';
import * as cmc from './cmc/index.js';
import type { Given, Range } from './verdict.js';

/** What a report gives, as people write it: `0 to 100 °C, U 0.05 to 0.06 °C (95 %, k = 2), at frequency 50 Hz`. */
export function givenText(given: Given): string {
  return [valuesText(given), uncertaintyText(given), ...argumentTexts(given)].join(', ');
}

/** `0 to 100 °C` */
export function valuesText({ range, unit }: Pick<Given, 'range' | 'unit'>): string {
  return range === null ? 'no values' : rangeText(range, unit);
}

/** `0 to 100 °C`; a single value where both ends are the same. */
function rangeText({ min, max }: Range, unit: string, round = (value: number) => value): string {
  const [least, most] = inOneNotation(numberText(round(min)), numberText(round(max)));
  return withUnit(least === most ? least : `${least} to ${most}`, unit);
}

/** `U 0.05 °C (95 %, k = 2)` */
export function uncertaintyText({
  uncertainty,
  coverageFactor,
  unit,
}: Pick<Given, 'uncertainty' | 'coverageFactor' | 'unit'>): string {
  if (uncertainty === null || coverageFactor === null) {
    return 'no usable U';
  }
  return `U ${rangeText(uncertainty, unit, inDigits)} (95 %, k = ${rangeText(coverageFactor, '', inDigits)})`;
}

/** `U = 0.05 °C (95 %, k = 2)`; what the certificate states for another probability stands beside it. */
export function expandedText(stated: cmc.StatedUncertainty, unit: string): string {
  const own = `U = ${withUnit(stated.expanded, unit)}, k = ${numberText(stated.coverageFactor)}`;
  const at95 = cmc.at95(stated);
  if (at95 === undefined) {
    return `no usable U (stated ${own})`;
  }
  const { expanded, k } = at95;
  return at95.isStated
    ? `U = ${withUnit(expanded, unit)} (95 %, k = ${numberText(k)})`
    : `U = ${withUnit(inDigits(expanded), unit)} (95 %, k = ${inDigits(k)}; stated ${own})`;
}

/** More digits than an uncertainty has say nothing. */
function inDigits(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

const DIGITS = 3;

/** What it was measured at; a terminal is no place for many. */
function argumentTexts({ arguments: all }: Given): readonly string[] {
  const texts = all.map(({ name, unit, range }) => `at ${name} ${rangeText(range, unit)}`);
  return texts.length > MOST_ARGUMENTS
    ? [...texts.slice(0, MOST_ARGUMENTS), `and ${texts.length - MOST_ARGUMENTS} more arguments`]
    : texts;
}

const MOST_ARGUMENTS = 3;

/** Without the noise that a conversion leaves in the last digits. */
function numberText(value: number): string {
  return String(Number(value.toPrecision(9)));
}

/** Both with a power of ten where one needs it and the other is small, too: `1e-7 to 1e-6`. */
function inOneNotation(least: string, most: string): readonly [string, string] {
  const numbers = [least, most].map(Number);
  const isSmall = numbers.every((number) => Math.abs(number) < SMALL) && `${least}${most}`.includes('e');
  return isSmall ? [powerText(least), powerText(most)] : [least, most];
}

const SMALL = 1e-3;

function powerText(text: string): string {
  return Number(text) === 0 ? text : Number(text).toExponential();
}
