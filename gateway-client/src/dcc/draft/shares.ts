import type { Column } from './column.js';
import type { DraftUnit } from './units.js';

const NOUN_AFTER =
  /\brel(?:ative[rns]?|ativ|\.)[ -](?:(?:expanded|standard|combined|measurement|indication|erweiterte|mess)[ -]?)*(?:errors?|deviations?|corrections?|difference|uncertainty|limits?|tolerance|abweichung|messabweichung|fehler|messfehler|korrektion|korrektur|unsicherheit|messunsicherheit|grenzabweichung)\b/i;
const NOUN_BEFORE =
  /\b(?:erreur|écart|correction|incertitude(?: élargie)?|error|desviación|corrección|incertidumbre(?: expandida)?|errore|scostamento|correzione|incertezza(?: estesa)?)(?: de mesure| de medida| di misura)? relati[vf][aeo]?\b/i;
const OF_READING =
  /\b(?:of|%) ?(?:the )?(?:reading|rdg|measured value|indicated value)\b|\bv\. ?m\.(?! ?b)|(?:vom|des) messwert|de la lecture|de la lectura|della lettura/i;
const REF_TYPE =
  /relative_?(?:expanded|standard|measurement)*_?(?:error|deviation|correction|uncertainty)|(?:error|deviation|correction|uncertainty)_?relative$/i;

/** Whether a column says, by its name or refType, that its numbers are parts of the values. */
export function saysShare(names: readonly string[], refTypes: readonly string[] = []): boolean {
  const isNamed = names.some((name) => [NOUN_AFTER, NOUN_BEFORE, OF_READING].some((pattern) => pattern.test(name)));
  return isNamed || refTypes.some((refType) => REF_TYPE.test(refType));
}

type Sharing = Pick<Column, 'role' | 'unit' | 'ofValue' | 'ofSpan'>;

/** Columns whose numbers may be parts; those of values are not, nor are the uncertainties that stand in them. */
const MAY_BE: ReadonlySet<Column['role']> = new Set(['error', 'correction', 'deviation', 'uncertainty']);

/**
 * Whether the differences or uncertainties of a column are parts: of the values, or of a full scale. A number without a unit next to
 * values with one is a part. Next to values of dimension one, the name or the mapping file has to say it; null: neither does, and the
 * units differ, so 1 % may be a part of the value or 0.01.
 */
export function isShare({ role, unit, ofValue, ofSpan }: Sharing, values: DraftUnit): boolean | null {
  if (unit?.dimension !== '' || values.dimension !== '') {
    return unit?.dimension === '';
  }
  if (!MAY_BE.has(role)) {
    return false;
  }
  if (ofValue !== null || ofSpan) {
    return ofValue ?? true;
  }
  return areApart(unit, values) ? null : false;
}

/** Whether two units of dimension one differ, as a percent and a ppm do; angles are never parts. */
export function areApart(one: DraftUnit, other: DraftUnit): boolean {
  return one.factor !== other.factor && ![one, other].some(isAngle);
}

/** Whether a bare number says that it is a part of the values, whatever their unit, or of a full scale. */
export function saysPart({ unit, ofValue, ofSpan }: Sharing): boolean {
  return unit?.dimension === '' && (ofValue ?? ofSpan);
}

/** Angles are of dimension one as well, and never parts. */
function isAngle({ text }: DraftUnit): boolean {
  return /\\(?:degree|radian|gon|arcminute|arcsecond|minute|second|steradian)\b/.test(text);
}
