/**
 * How values of a kind compare. `ratio`: zero means none of it, and relative uncertainties carry over (mass, volt, ohm). `additive`:
 * only differences mean something (temperature, angle, level, pH). `coefficient`: a property of a device over its arguments,
 * compared relatively (sensitivity, gain, gauge factor).
 */
export type Scale = 'ratio' | 'additive' | 'coefficient';

/**
 * The meaning of values if other arguments are stated. `range`: a standard is calibrated over a range of values and does not cover
 * others (temperature, voltage, pH). `finding`: a calibration finds the value at its arguments, and any value is possible (an error,
 * an ac-dc difference over frequency, a sensitivity).
 */
export type Values = 'range' | 'finding';

/** Where the BIPM key comparison database (KCDB) lists calibration and measurement capabilities for a kind. */
export interface KcdbPlace {
  readonly area: 'AUV' | 'EM' | 'L' | 'M' | 'PR' | 'QM' | 'RI' | 'T' | 'TF';
  readonly branch: string;
}

/** A line of the published vocabulary. */
export interface Entry {
  readonly name: string;
  readonly scale: Scale;
  readonly values: Values;
  /** D-SI units that it is stated in; the first is the coherent one, whose dimension is that of the kind. */
  readonly units: readonly string[];
  /** Other names and spellings, as certificates use them. */
  readonly aliases: readonly string[];
  readonly kcdb: KcdbPlace | null;
  /** Unit words that name this kind: other kinds of the same dimension can be stated in these units only if they list them too. */
  readonly says: readonly string[];
  /** The more general kind whose name certificates use as well: a conventional mass is often called a mass. */
  readonly refines: string | null;
  /** The kind whose values it is the difference of: a unit with an offset is then read without it. */
  readonly differenceOf: string | null;
  /** Certificates always name it: its unit alone never suggests it. */
  readonly onlyByName: boolean;
  /** Beginnings of DCC refTypes that state it. */
  readonly refTypes: readonly string[];
  /** Instruments that measure or realise nothing else. */
  readonly instruments: readonly string[];
  readonly note: string | null;
}

/** A common word for several kinds; a certificate with only this word leaves the kind open. */
export interface Family {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly members: readonly string[];
}

type More = Partial<Omit<Entry, 'name' | 'scale' | 'units' | 'kcdb'>>;

/** Makes the lines of one branch of the KCDB. */
export function branch(area: KcdbPlace['area'], name: string) {
  return entriesOf({ area, branch: name });
}

/** Makes lines for which the KCDB has no service. */
export const unlisted = entriesOf(null);

function entriesOf(kcdb: KcdbPlace | null) {
  const line = (scale: Scale) => {
    return (name: string, units: string, aliases: string, more: More = {}): Entry => ({
      name,
      scale,
      values: scale === 'coefficient' || more.differenceOf ? 'finding' : 'range',
      units: units.split(' '),
      aliases: aliases === '' ? [] : aliases.split(', '),
      kcdb,
      says: [],
      refines: null,
      differenceOf: null,
      onlyByName: false,
      refTypes: [],
      instruments: [],
      note: null,
      ...more,
    });
  };
  return { ratio: line('ratio'), additive: line('additive'), coefficient: line('coefficient') };
}
