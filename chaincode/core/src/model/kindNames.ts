import { QUANTITY } from './identifiers.js';
import { UNITS } from './unitTable.js';

/** Words in the languages of certificates that do not name a quantity. Alone they name no kind. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(
  [
    'other others unknown none misc dimensionless number count quantity kind unit value values result results reference',
    'nominal measured measuring measurement indicated indication corrected relative absolute mean average standard error',
    'errors deviation correction difference uncertainty limit limits lower upper acceptance tolerance point points data',
    'calibration test probe sensor device object item channel table column res meas from to min max of the for and at in',
    'with by wert werte bezugswert referenzwert nennwert messwert messwerte angezeigter kalibriergegenstand messergebnis',
    'messergebnisse abweichung messabweichung korrektion unsicherheit messunsicherheit kalibrierung ergebnis ergebnisse',
    'akzeptanzlimit toleranzlimit unteres oberes mittelwert kennzeichnung marking von bis der die das und bei nach fur',
  ].flatMap((line) => line.split(' ')),
);

/**
 * Whether a text may name a kind of quantity: lower-case words joined by hyphens that say something and are not a unit. So
 * `kelvin`, `other` and `reference-value` are refused.
 */
export function isKindName(name: string): boolean {
  return QUANTITY.test(name) && !UNITS.has(name) && name.split('-').some((word) => !saysNothing(word));
}

/** Whether a word does not name a quantity: `value`, `reference`, symbols, numbers, `xxx`. */
export function saysNothing(word: string): boolean {
  return SAYS_NOTHING.has(word.replace(/\d+$/, '')) || !/[a-z]{2}/.test(word) || /^(.)\1*\d*$/.test(word);
}

/** Lower-case words of a text, without accents and punctuation. For names that people wrote; records hold kinds' names. */
export function wordsOf(text: string): readonly string[] {
  return text
    .replace(/([a-z0-9])([A-Z])(?=[a-z])/g, '$1 $2')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/ß/g, 'ss')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** A text as a kind's name would be written; not every one is legal. */
export function kindNameFrom(text: string): string {
  return wordsOf(text).join('-');
}
