import { QUANTITY } from './identifiers.js';
import { UNITS } from './unitTable.js';

/** Words that say nothing about what was measured, in the languages of certificates. They name no kind. */
const SAYS_NOTHING: ReadonlySet<string> = new Set([
  ...['other', 'others', 'unknown', 'none', 'misc', 'dimensionless', 'number', 'count', 'quantity', 'kind', 'unit'],
  ...[
    'value',
    'values',
    'result',
    'results',
    'reference',
    'nominal',
    'measured',
    'measuring',
    'measurement',
    'indicated',
  ],
  ...[
    'indication',
    'error',
    'errors',
    'deviation',
    'correction',
    'difference',
    'uncertainty',
    'point',
    'points',
    'data',
  ],
  ...[
    'calibration',
    'test',
    'probe',
    'sensor',
    'device',
    'channel',
    'table',
    'from',
    'to',
    'min',
    'max',
    'of',
    'the',
    'for',
  ],
  ...[
    'wert',
    'werte',
    'bezugswert',
    'referenzwert',
    'nennwert',
    'messwert',
    'messergebnis',
    'messergebnisse',
    'abweichung',
  ],
  ...[
    'messabweichung',
    'korrektion',
    'unsicherheit',
    'messunsicherheit',
    'kalibrierung',
    'ergebnis',
    'ergebnisse',
    'von',
    'bis',
  ],
  ...[
    'kennzeichnung',
    'marking',
    'der',
    'die',
    'das',
    'und',
    'and',
    'at',
    'bei',
    'in',
    'with',
    'by',
    'nach',
    'fur',
    'a',
    't',
  ],
]);

/**
 * Whether a text may name a kind of quantity: lower-case words joined by hyphens that are no unit and say something. `kelvin`
 * is a unit, `other` and `reference-value` are no kinds.
 */
export function isKindName(name: string): boolean {
  return QUANTITY.test(name) && !UNITS.has(name) && name.split('-').some((word) => !saysNothing(word));
}

/** Whether a word says nothing about what was measured: `value`, `reference`, symbols and numbers. */
export function saysNothing(word: string): boolean {
  return SAYS_NOTHING.has(word) || !/[a-z]{2}/.test(word);
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
