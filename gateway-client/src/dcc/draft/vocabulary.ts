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
  { pattern: /degreesOfFreedom|coverageProbability/i, role: 'ignored' },
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
  {
    pattern:
      /^[\p{L} ]*(?:degrees? of freedom|freiheitsgrad|degrés? de liberté|grados? de libertad|gradi di libertà)|^(?:ν|nu)[ _]?eff/iu,
    role: 'ignored',
  },
  { pattern: LIMIT, role: 'limit' },
  { pattern: /correction factor|korrekturfaktor|facteur de correction|factor de corrección/i, role: 'ignored' },
  {
    pattern: /^k(?: ?=.*)?$|coverage factor|erweiterungsfaktor|facteur d.élargissement|factor de cobertura/i,
    role: 'coverageFactor',
  },
  { pattern: /uncertainty|unsicherheit|incertitude|incertidumbre|incertezza/i, role: 'uncertainty' },
  {
    pattern:
      /coverage probability|confidence level|überdeckungswahrscheinlichkeit|vertrauensniveau|probabilité|niveau de confiance|probabilidad de cobertura|nivel de confianza/i,
    role: 'ignored',
  },
  { pattern: /deviation from nominal|abweichung vom nenn|écart.*nominal|desviación.*nominal/i, role: 'deviation' },
  { pattern: /correction|korrektion|korrektur|corrección|correzione/i, role: 'correction' },
  { pattern: /standard deviation|standardabweichung|repeatability|wiederholbarkeit|number of/i, role: 'ignored' },
  { pattern: /\berror\b|deviation|abweichung|erreur|\bécart\b|desviación|errore/i, role: 'error' },
  { pattern: /nominal|nennwert|nennmaß|set ?point|sollwert|calibration value|kalibrierpunkt/i, role: 'nominal' },
  {
    pattern:
      /reference|\bbezugs|referenz|référence|referencia|riferimento|applied|calibration pressure|\btrue (?:value|temperature|pressure|mass|length|voltage|current)|conventional true|\bstandard(?:'s)? (?:reading|indication|value)|(?:reading|indication|value) of (?:the )?standard\b|normalanzeige|anzeige des normals|^(?:test )?load(?: [/([].*| in .*)?$|^(?:prüf)?last(?: [/([].*| in .*)?$/i,
    role: 'reference',
  },
  {
    pattern:
      /indica[tcz]|reading|\b(?:UUT|DUT|(?:device|instrument|unit|item) under (?:test|calibration))\b|prüfling|kalibriergegenstand|anzeige|angezeigt|lecture|lectura|lettura/i,
    role: 'indication',
  },
  { pattern: /frequency|frequenz|fréquence|frecuencia|frequenza/i, role: 'argument' },
  { pattern: /\brange\b|messbereich|\bplage\b|channel|\bkanal\b|\bgain\b|verstärkung/i, role: 'setting' },
  { pattern: /marking|kennzeichnung|position|\bno\.?$|\bnr\.?$/i, role: 'ignored' },
];

const GAIN = /\bgain\b|verstärkung/i;

/** Whether a name is that of a gain: a setting, or a result. */
export function namesGain(names: readonly string[]): boolean {
  return names.some((name) => GAIN.test(name));
}

/** The first entry that matches one of the texts; an entry is tried on every text before the next entry. */
export function lookUp(entries: readonly Entry[], texts: readonly string[]): Role | undefined {
  return entries.find(({ pattern }) => texts.some((text) => pattern.test(text)))?.role;
}
