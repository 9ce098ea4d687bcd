import { withUnit } from '@tracecal/chaincode/model';
import type { Given, Range } from '@tracecal/chaincode/trace';

/** What a report gives, as people write it: `0 to 100 °C, U 0.05 to 0.06 °C, at frequency 50 Hz`. */
export function givenText(given: Given): string {
  return [valuesText(given), uncertaintyText(given), ...argumentTexts(given)].join(', ');
}

/** `0 to 100 °C` */
export function valuesText({ range, unit }: Pick<Given, 'range' | 'unit'>): string {
  return range === null ? 'no values' : rangeText(range, unit);
}

/** `0 to 100 °C`; a single value where both ends are the same. */
function rangeText({ min, max }: Range, unit: string): string {
  const [least, most] = [numberText(min), numberText(max)];
  return withUnit(least === most ? least : `${least} to ${most}`, unit);
}

/** `U 0.05 °C`: expanded, as the report states it. */
export function uncertaintyText({ uncertainty, unit }: Pick<Given, 'uncertainty' | 'unit'>): string {
  return uncertainty === null ? 'no U' : `U ${rangeText(uncertainty, unit)}`;
}

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
