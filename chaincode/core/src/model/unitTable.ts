/**
 * The unit words of D-SI: those of the SI, the units accepted for use with it, and a few old ones that certificates still
 * state. Sources: SI Brochure, 9th edition, tables 4, 5 and 8; D-SI 1.3 to 2.2.
 */

/** Logarithmic units are a dimension of their own, `level`: a decibel can never be compared with a number. */
export const BASE_UNITS = ['m', 'kg', 's', 'A', 'K', 'mol', 'cd', 'level'] as const;

type Exponents = readonly [number, number, number, number, number, number, number, number?];

/** The factor is exact: `mantissa` times ten to the `exponent`, divided by `divisor`. */
export interface NamedUnit {
  readonly mantissa: bigint;
  readonly exponent: number;
  readonly divisor: bigint;
  readonly dimension: Exponents;
  readonly offset?: number;
  readonly takesPrefix: boolean;
}

export const PREFIXES: ReadonlyMap<string, number> = new Map([
  ['quetta', 30],
  ['ronna', 27],
  ['yotta', 24],
  ['zetta', 21],
  ['exa', 18],
  ['peta', 15],
  ['tera', 12],
  ['giga', 9],
  ['mega', 6],
  ['kilo', 3],
  ['hecto', 2],
  ['deca', 1],
  ['deci', -1],
  ['centi', -2],
  ['milli', -3],
  ['micro', -6],
  ['nano', -9],
  ['pico', -12],
  ['femto', -15],
  ['atto', -18],
  ['zepto', -21],
  ['yocto', -24],
  ['ronto', -27],
  ['quecto', -30],
]);

const ONE: Exponents = [0, 0, 0, 0, 0, 0, 0];
const LENGTH: Exponents = [1, 0, 0, 0, 0, 0, 0];
const AREA: Exponents = [2, 0, 0, 0, 0, 0, 0];
const VOLUME: Exponents = [3, 0, 0, 0, 0, 0, 0];
const MASS: Exponents = [0, 1, 0, 0, 0, 0, 0];
const TIME: Exponents = [0, 0, 1, 0, 0, 0, 0];
const PER_TIME: Exponents = [0, 0, -1, 0, 0, 0, 0];
const TEMPERATURE: Exponents = [0, 0, 0, 0, 1, 0, 0];
const LUMINOUS: Exponents = [0, 0, 0, 0, 0, 0, 1];
const PRESSURE: Exponents = [-1, 1, -2, 0, 0, 0, 0];
const ENERGY: Exponents = [2, 1, -2, 0, 0, 0, 0];
const DOSE: Exponents = [2, 0, -2, 0, 0, 0, 0];
const LEVEL: Exponents = [0, 0, 0, 0, 0, 0, 0, 1];

function unit(
  dimension: Exponents,
  mantissa = 1n,
  exponent = 0,
  more: Partial<Pick<NamedUnit, 'offset' | 'takesPrefix' | 'divisor'>> = {},
): NamedUnit {
  return { takesPrefix: true, divisor: 1n, ...more, dimension, mantissa, exponent };
}

const BARE = { takesPrefix: false };
const CELSIUS = unit(TEMPERATURE, 1n, 0, { offset: 273.15 });

export const UNITS: ReadonlyMap<string, NamedUnit> = new Map([
  ['metre', unit(LENGTH)],
  ['kilogram', unit(MASS, 1n, 0, BARE)],
  ['second', unit(TIME)],
  ['ampere', unit([0, 0, 0, 1, 0, 0, 0])],
  ['kelvin', unit(TEMPERATURE)],
  ['mole', unit([0, 0, 0, 0, 0, 1, 0])],
  ['candela', unit(LUMINOUS)],
  ['one', unit(ONE, 1n, 0, BARE)],
  ['percent', unit(ONE, 1n, -2, BARE)],
  ['ppm', unit(ONE, 1n, -6, BARE)],
  ['gram', unit(MASS, 1n, -3)],
  ['radian', unit(ONE)],
  ['steradian', unit(ONE)],
  ['hertz', unit(PER_TIME)],
  ['newton', unit([1, 1, -2, 0, 0, 0, 0])],
  ['pascal', unit(PRESSURE)],
  ['joule', unit(ENERGY)],
  ['watt', unit([2, 1, -3, 0, 0, 0, 0])],
  ['coulomb', unit([0, 0, 1, 1, 0, 0, 0])],
  ['volt', unit([2, 1, -3, -1, 0, 0, 0])],
  ['farad', unit([-2, -1, 4, 2, 0, 0, 0])],
  ['ohm', unit([2, 1, -3, -2, 0, 0, 0])],
  ['siemens', unit([-2, -1, 3, 2, 0, 0, 0])],
  ['weber', unit([2, 1, -2, -1, 0, 0, 0])],
  ['tesla', unit([0, 1, -2, -1, 0, 0, 0])],
  ['henry', unit([2, 1, -2, -2, 0, 0, 0])],
  ['degreecelsius', CELSIUS],
  // Certificates of DCC 2.x follow siunitx here.
  ['degreeCelsius', CELSIUS],
  ['lumen', unit(LUMINOUS)],
  ['lux', unit([-2, 0, 0, 0, 0, 0, 1])],
  ['becquerel', unit(PER_TIME)],
  ['gray', unit(DOSE)],
  ['sievert', unit(DOSE)],
  ['katal', unit([0, 0, -1, 0, 0, 1, 0])],
  ['minute', unit(TIME, 60n, 0, BARE)],
  ['hour', unit(TIME, 3600n, 0, BARE)],
  ['day', unit(TIME, 86400n, 0, BARE)],
  ['degree', unit(ONE, 17453292519943295769236907684886127n, -36, BARE)],
  ['arcminute', unit(ONE, 2908882086657215961539484614147688n, -37, BARE)],
  ['arcsecond', unit(ONE, 48481368110953599358991410235794798n, -40, BARE)],
  ['hectare', unit(AREA, 1n, 4, BARE)],
  ['litre', unit(VOLUME, 1n, -3)],
  ['tonne', unit(MASS, 1n, 3)],
  ['bar', unit(PRESSURE, 1n, 5)],
  ['mmHg', unit(PRESSURE, 133322n, -3, BARE)],
  ['electronvolt', unit(ENERGY, 1602176634n, -28)],
  ['dalton', unit(MASS, 166053906660n, -38)],
  ['astronomicalunit', unit(LENGTH, 149597870700n, 0, BARE)],
  ['nauticalmile', unit(LENGTH, 1852n, 0, BARE)],
  ['angstrom', unit(LENGTH, 1n, -10, BARE)],
  ['barn', unit(AREA, 1n, -28)],
  ['knot', unit([1, 0, -1, 0, 0, 0, 0], 1852n, 0, { ...BARE, divisor: 3600n })],
  ['clight', unit([1, 0, -1, 0, 0, 0, 0], 299792458n, 0, BARE)],
  ['elementarycharge', unit([0, 0, 1, 1, 0, 0, 0], 1602176634n, -28, BARE)],
  ['atomicmassunit', unit(MASS, 166053906660n, -38, BARE)],
  ['decibel', unit(LEVEL, 1n, 0, BARE)],
  ['bel', unit(LEVEL, 1n, 1)],
  // 20 / ln 10 decibels, by the definition of a level of a root-power quantity (ISO 80000-3).
  ['neper', unit(LEVEL, 86858896380650365530225783783321n, -31)],
]);

/** Known D-SI words that are not supported, with the reason. */
export const REFUSED: ReadonlyMap<string, string> = new Map([
  ...['bohr', 'hartree', 'electronmass', 'naturalunittime', 'atomicunittime'].map((name): [string, string] => [
    name,
    'has a measured size that changes with each adjustment of constants',
  ]),
  ['planckbar', 'is irrational in SI units'],
  ['bit', 'counts data, which nobody calibrates'],
  ['byte', 'counts data, which nobody calibrates'],
]);
