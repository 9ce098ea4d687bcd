/** The role of a column in a table. */
export const ROLES = [
  /** The value that the standard gives. */
  'reference',
  /** What the calibrated device shows. */
  'indication',
  /** Indication minus reference. */
  'error',
  /** Minus the error. */
  'correction',
  /** Value minus nominal value, of a measure such as a gauge block or a weight. */
  'deviation',
  /** The result itself: a mass, a sensitivity. */
  'value',
  'nominal',
  /** Expanded uncertainties in a separate column, and their coverage factors. */
  'uncertainty',
  'coverageFactor',
  /** Limits of errors or values, in a separate column. */
  'limit',
  'argument',
  'setting',
  /** Repeats other columns, or states nothing that a report contains. */
  'ignored',
] as const;
export type Role = (typeof ROLES)[number];

interface Entry {
  readonly pattern: RegExp;
  readonly role: Role;
}

/** By attribute. Suffixes refine a type (`basic_measurementError_correction`), so the more specific ones come first. */
export const REF_TYPES: readonly Entry[] = [
  // TraceCal's own refTypes, where no standard one exists.
  { pattern: /^tracecal_argument$/, role: 'argument' },
  { pattern: /^tracecal_setting$/, role: 'setting' },
  { pattern: /^tracecal_value$/, role: 'value' },
  { pattern: /correctionFactor/i, role: 'ignored' },
  { pattern: /limit(?:Lower|Upper)?$|permissibleError/i, role: 'limit' },
  { pattern: /coverageFactor/i, role: 'coverageFactor' },
  { pattern: /(?:^|_)correction(?:Value)?$/i, role: 'correction' },
  { pattern: /deviationFromNominal/i, role: 'deviation' },
  { pattern: /measurementError|errorOfIndication|(?:^|_)(?:error|deviation)(?:_|$)/i, role: 'error' },
  { pattern: /(?:expanded|measurement)?uncertainty$/i, role: 'uncertainty' },
  { pattern: /standardDeviation|repeatability|numberOf/i, role: 'ignored' },
  { pattern: /referenceValue|(?:^|_)reference$/i, role: 'reference' },
  { pattern: /measuredValue|measurementValue|indicat(?:ion|edValue)/i, role: 'indication' },
  { pattern: /nominal(?:Value)?|calibrationValue|setPoint|setValue/i, role: 'nominal' },
  { pattern: /frequency$/i, role: 'argument' },
  { pattern: /(?:measuring|measurement)?range$|channel$|gain$/i, role: 'setting' },
];

/** Of limits, in the languages of most certificates. */
export const LIMIT = /\blimits?\b|permissible|toleran[cz]|\bMPE\b|grenzwert|fehlergrenze|\wlimit\b|límite|limite/i;

/** By name, in the languages of most certificates. */
export const NAMES: readonly Entry[] = [
  { pattern: LIMIT, role: 'limit' },
  { pattern: /correction factor|korrekturfaktor|facteur de correction|factor de corrección/i, role: 'ignored' },
  {
    pattern: /^k(?: ?=.*)?$|coverage factor|erweiterungsfaktor|facteur d.élargissement|factor de cobertura/i,
    role: 'coverageFactor',
  },
  { pattern: /uncertainty|unsicherheit|incertitude|incertidumbre|incertezza/i, role: 'uncertainty' },
  { pattern: /deviation from nominal|abweichung vom nenn|écart.*nominal|desviación.*nominal/i, role: 'deviation' },
  { pattern: /correction|korrektion|korrektur|corrección|correzione/i, role: 'correction' },
  { pattern: /standard deviation|standardabweichung|repeatability|wiederholbarkeit|number of/i, role: 'ignored' },
  { pattern: /\berror\b|deviation|abweichung|erreur|\bécart\b|desviación|errore/i, role: 'error' },
  { pattern: /nominal|nennwert|nennmaß|set ?point|sollwert|calibration value|kalibrierpunkt/i, role: 'nominal' },
  {
    pattern:
      /reference|bezugswert|referenz|référence|referencia|riferimento|applied|calibration pressure|conventional true/i,
    role: 'reference',
  },
  { pattern: /indica[tcz]|reading|anzeige|angezeigt|lecture|lectura|lettura/i, role: 'indication' },
  { pattern: /frequency|frequenz|fréquence|frecuencia|frequenza/i, role: 'argument' },
  { pattern: /\brange\b|messbereich|\bplage\b|channel|\bkanal\b|\bgain\b|verstärkung/i, role: 'setting' },
  { pattern: /marking|kennzeichnung|position|\bno\.?$|\bnr\.?$/i, role: 'ignored' },
];

/** The first entry that matches one of the texts; an entry is tried on every text before the next entry. */
export function lookUp(entries: readonly Entry[], texts: readonly string[]): Role | undefined {
  return entries.find(({ pattern }) => texts.some((text) => pattern.test(text)))?.role;
}
