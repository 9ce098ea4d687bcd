/** A D-SI unit reduced to SI base units: `si = factor * value + offset`. */
export interface Unit {
  readonly factor: number;
  readonly offset: number;
  /** Exponents of the base units in a fixed order, e.g. `m-3 kg1`; empty for a number. Equal text = comparable. */
  readonly dimension: string;
}

const UNITS: Readonly<Record<string, Unit>> = {
  '\\one': { factor: 1, offset: 0, dimension: '' },
  '\\percent': { factor: 0.01, offset: 0, dimension: '' },
  '\\kelvin': { factor: 1, offset: 0, dimension: 'K1' },
  '\\degreecelsius': { factor: 1, offset: 273.15, dimension: 'K1' },
  '\\kilogram': { factor: 1, offset: 0, dimension: 'kg1' },
  '\\kilo\\gram': { factor: 1, offset: 0, dimension: 'kg1' },
  '\\gram': { factor: 1e-3, offset: 0, dimension: 'kg1' },
  '\\metre': { factor: 1, offset: 0, dimension: 'm1' },
};

/** Reads a D-SI unit; undefined if it is none. */
export function parseUnit(text: string): Unit | undefined {
  return Object.hasOwn(UNITS, text) ? UNITS[text] : undefined;
}

export function isUnit(text: string): boolean {
  return parseUnit(text) !== undefined;
}
