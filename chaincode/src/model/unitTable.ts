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
  readonly quantity?: string;
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
  more: Partial<Pick<NamedUnit, 'offset' | 'quantity' | 'takesPrefix' | 'divisor'>> = {},
): NamedUnit {
  return { takesPrefix: true, divisor: 1n, ...more, dimension, mantissa, exponent };
}

const BARE = { takesPrefix: false };
const ANGLE = { takesPrefix: false, quantity: 'angle' };
const CELSIUS = unit(TEMPERATURE, 1n, 0, { offset: 273.15 });
const LEVEL_OF_RATIO = { quantity: 'level' };

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
  ['radian', unit(ONE, 1n, 0, { quantity: 'angle' })],
  ['steradian', unit(ONE, 1n, 0, { quantity: 'solid-angle' })],
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
  ['lumen', unit(LUMINOUS, 1n, 0, { quantity: 'luminous-flux' })],
  ['lux', unit([-2, 0, 0, 0, 0, 0, 1], 1n, 0, { quantity: 'illuminance' })],
  ['becquerel', unit(PER_TIME, 1n, 0, { quantity: 'activity' })],
  ['gray', unit(DOSE, 1n, 0, { quantity: 'absorbed-dose' })],
  ['sievert', unit(DOSE, 1n, 0, { quantity: 'dose-equivalent' })],
  ['katal', unit([0, 0, -1, 0, 0, 1, 0])],
  ['minute', unit(TIME, 60n, 0, BARE)],
  ['hour', unit(TIME, 3600n, 0, BARE)],
  ['day', unit(TIME, 86400n, 0, BARE)],
  ['degree', unit(ONE, 17453292519943295769236907684886127n, -36, ANGLE)],
  ['arcminute', unit(ONE, 2908882086657215961539484614147688n, -37, ANGLE)],
  ['arcsecond', unit(ONE, 48481368110953599358991410235794798n, -40, ANGLE)],
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
  ['decibel', unit(LEVEL, 1n, 0, { ...LEVEL_OF_RATIO, takesPrefix: false })],
  ['bel', unit(LEVEL, 1n, 1, LEVEL_OF_RATIO)],
  // 20 / ln 10 decibels, by the definition of a level of a root-power quantity (ISO 80000-3).
  ['neper', unit(LEVEL, 86858896380650365530225783783321n, -31, LEVEL_OF_RATIO)],
]);

/** Words of D-SI that are understood and not read, with the reason. */
export const REFUSED: ReadonlyMap<string, string> = new Map([
  ...['bohr', 'hartree', 'electronmass', 'naturalunittime', 'atomicunittime'].map((name): [string, string] => [
    name,
    'has a measured size that changes with each adjustment of constants',
  ]),
  ['planckbar', 'is irrational in SI units'],
  ['bit', 'counts data, which nobody calibrates'],
  ['byte', 'counts data, which nobody calibrates'],
]);

/** What is usually measured in units of a dimension. The kinds of quantity (kinds.ts) will take its place. */
export const QUANTITIES: ReadonlyMap<string, string> = new Map([
  ['', 'ratio'],
  ['m1', 'length'],
  ['kg1', 'mass'],
  ['s1', 'time'],
  ['A1', 'current'],
  ['K1', 'temperature'],
  ['mol1', 'amount-of-substance'],
  ['cd1', 'luminous-intensity'],
  ['m2', 'area'],
  ['m3', 'volume'],
  ['s-1', 'frequency'],
  ['m1 s-1', 'velocity'],
  ['m1 s-2', 'acceleration'],
  ['m-3 kg1', 'density'],
  ['m3 s-1', 'volume-flow'],
  ['kg1 s-1', 'mass-flow'],
  ['m1 kg1 s-2', 'force'],
  ['m-1 kg1 s-2', 'pressure'],
  ['m-1 kg1 s-1', 'viscosity'],
  ['m2 kg1 s-2', 'energy'],
  ['m2 kg1 s-3', 'power'],
  ['s1 A1', 'charge'],
  ['m2 kg1 s-3 A-1', 'voltage'],
  ['m2 kg1 s-3 A-2', 'resistance'],
  ['m-2 kg-1 s3 A2', 'conductance'],
  ['m-2 kg-1 s4 A2', 'capacitance'],
  ['m2 kg1 s-2 A-2', 'inductance'],
  ['m2 kg1 s-2 A-1', 'magnetic-flux'],
  ['kg1 s-2 A-1', 'magnetic-flux-density'],
  ['s-1 mol1', 'catalytic-activity'],
  ['m-3 mol1', 'concentration'],
]);
