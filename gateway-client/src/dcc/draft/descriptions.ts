import { draftUnit } from './units.js';

// Some columns say something about the item or the air around it, and not where a result holds.

/** What a column is called, and in which dimension it stands. */
interface Described {
  readonly names: readonly string[];
  readonly dimension: string;
}

const WEIGHED: ReadonlySet<string> = new Set(['mass', 'conventional-mass', 'mass-difference']);
const dimensionOf = (unit: string): string | undefined => draftUnit(unit)?.dimension;
const KELVIN = dimensionOf('\\kelvin');
/** Density of the weight or of the air, volume of the weight, air pressure. */
const OF_WEIGHING = ['\\kilogram\\metre\\tothe{-3}', '\\metre\\tothe{3}', '\\pascal'].map(dimensionOf);
const HUMIDITY = /humidity|feuchte|humidité|humedad|umidità/i;

const AIR = /\b(?:air|atmospheric|barometric)\b|luft|atmosph|barom|l.air\b|\baire\b/i;
const ROOM = /\b(?:ambient|room|laboratory)\b|umgebung|\braum|ambian|ambiental/i;

/**
 * Whether a column belongs to how a weight was weighed. Its mass holds everywhere; a conventional mass does so by its definition, for
 * agreed densities (OIML D 28 and R 111). A temperature may be that of a load cell, whose indication depends on it.
 */
export function describesWeighing(result: string, { names, dimension }: Described): boolean {
  const patterns = dimension === KELVIN ? [AIR, ROOM] : [HUMIDITY];
  const isTold =
    OF_WEIGHING.includes(dimension) || names.some((name) => patterns.some((pattern) => pattern.test(name)));
  return WEIGHED.has(result) && isTold;
}

const PROPERTY =
  /(?:\bdensity|^volume|expansion coefficient|dichte|^volumen|ausdehnungskoeff\p{L}*|masse volumique|coefficient de dilatation|densidad|coeficiente de (?:dilatación|expansión))\b/iu;
/** Whether a column seems to describe the item or its surroundings, and may state where a result holds. Air in a chamber has a set temperature. */
export function mayDescribe({ names, dimension }: Described): boolean {
  const patterns = dimension === KELVIN ? [ROOM] : [ROOM, AIR, PROPERTY];
  return names.some((name) => patterns.some((pattern) => pattern.test(name)));
}
