import { Memo } from './memo.js';

/** A D-SI unit reduced to SI base units: `si = factor * value + offset`. */
export interface Unit {
  readonly factor: number;
  /** 0 except for a temperature in degrees Celsius. A difference or an uncertainty never takes it. */
  readonly offset: number;
  /** Exponents of the base units in a fixed order, e.g. `m-3 kg1`; empty for a number. Equal text = comparable. */
  readonly dimension: string;
  /** What is usually measured in it: `temperature`, `mass`, `ratio`, ...; `other` where there is no usual name. */
  readonly quantity: string;
}

/**
 * `UNIT_UNKNOWN`: not D-SI. `UNIT_NOT_LINEAR`: a logarithmic unit, in which uncertainties do not scale. `UNIT_NOT_ALONE`: a
 * unit with a zero point of its own among others, which would have to lose it.
 */
export type UnitErrorCode = 'UNIT_UNKNOWN' | 'UNIT_NOT_LINEAR' | 'UNIT_NOT_ALONE';

export class UnitError extends Error {
  override readonly name = 'UnitError';

  constructor(
    readonly code: UnitErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads a unit in D-SI notation (the siunitx words of SmartCom D-SI): `\kelvin`, `\kilo\gram`, `\metre\tothe{-3}`,
 * `\metre\per\second`. Plain text (`kg`, `/kilogram`) is refused, because it would have to be guessed. So is a degree Celsius
 * among other units or with an exponent: it may mean a temperature or a difference there, and D-SI has the kelvin for both.
 *
 * Only correctly rounded arithmetic is used, so that every endorser computes the same factor to the last bit.
 *
 * @throws UnitError
 */
export function readUnit(text: string): Unit {
  const terms = parseTerms(text);
  const [only] = terms;
  const alone = only && terms.length === 1 && only.halves === 2 ? only.unit : undefined;
  if (alone === undefined && terms.some((term) => term.unit.offset !== undefined)) {
    throw new UnitError(
      'UNIT_NOT_ALONE',
      `In "${text}" a degree Celsius may be a temperature or a difference: write "\\kelvin" in units of several parts.`,
    );
  }
  const dimension = dimensionOf(terms);
  return {
    factor: factorOf(terms, text),
    offset: alone?.offset ?? 0,
    dimension,
    quantity: alone?.quantity ?? QUANTITIES.get(dimension) ?? 'other',
  };
}

const units = new Memo<Unit | null>(1024);

/** {@link readUnit} for those who need no reason; undefined if it is no D-SI unit. */
export function parseUnit(text: string): Unit | undefined {
  return units.get(text, () => unitOrNull(text)) ?? undefined;
}

function unitOrNull(text: string): Unit | null {
  try {
    return readUnit(text);
  } catch (error) {
    if (error instanceof UnitError) {
      return null;
    }
    throw error;
  }
}

export function isUnit(text: string): boolean {
  return parseUnit(text) !== undefined;
}

const BASE_UNITS = ['m', 'kg', 's', 'A', 'K', 'mol', 'cd'] as const;
const MAX_TEXT = 200;
const MAX_HALVES = 48;

type Exponents = readonly [number, number, number, number, number, number, number];

/** The factor is exact: `mantissa` times ten to the `exponent`. */
interface NamedUnit {
  readonly mantissa: bigint;
  readonly exponent: number;
  readonly dimension: Exponents;
  readonly offset?: number;
  readonly quantity?: string;
  readonly takesPrefix: boolean;
}

interface Term {
  readonly unit: NamedUnit;
  readonly prefix: number;
  /** Twice the exponent, so that the square roots of noise densities stay whole numbers. */
  readonly halves: number;
}

// --- Reading ------------------------------------------------------------------------------------------------------

interface Word {
  readonly name: string;
  readonly argument: string | undefined;
}

function parseTerms(written: string): Term[] {
  const words = parseWords(written);
  const terms: Term[] = [];
  while (words.length > 0) {
    terms.push(takeTerm(words, written));
  }
  return terms;
}

function parseWords(written: string): Word[] {
  if (written === '' || written.length > MAX_TEXT) {
    throw unknown(written);
  }
  const word = /\\([A-Za-z]+)(?:\{([^{}]*)\})?/y;
  const words: Word[] = [];
  while (word.lastIndex < written.length) {
    const [, name, argument] = word.exec(written) ?? [];
    if (name === undefined || (name === 'tothe') !== (argument !== undefined)) {
      throw unknown(written);
    }
    words.push({ name, argument });
  }
  return words;
}

/** `[\per] [\prefix] \unit [\tothe{n}]`; takes its words from the front. */
function takeTerm(words: Word[], written: string): Term {
  const sign = takeNamed(words, 'per') ? -1 : 1;
  const prefix = PREFIXES.get(words[0]?.name ?? '');
  if (prefix !== undefined) {
    words.shift();
  }
  const unit = unitNamed(words.shift()?.name ?? '', written);
  if (prefix !== undefined && !unit.takesPrefix) {
    throw unknown(written);
  }
  const power = takeNamed(words, 'tothe')?.argument;
  const halves = power === undefined ? 2 : parseHalves(power, written);
  return { unit, prefix: prefix ?? 0, halves: sign * halves };
}

function takeNamed(words: Word[], name: string): Word | undefined {
  return words[0]?.name === name ? words.shift() : undefined;
}

function unitNamed(name: string, written: string): NamedUnit {
  if (LOGARITHMIC.has(name)) {
    throw new UnitError('UNIT_NOT_LINEAR', `The unit "${written}" is logarithmic: give the value in a linear unit.`);
  }
  const unit = UNITS.get(name);
  if (!unit) {
    throw unknown(written);
  }
  return unit;
}

function parseHalves(power: string, written: string): number {
  const halves = /^[-+]?\d{1,2}(?:\.[05])?$/.test(power) ? Number(power) * 2 : NaN;
  if (!(Math.abs(halves) <= MAX_HALVES)) {
    throw unknown(written);
  }
  return halves;
}

function unknown(written: string): UnitError {
  const shown = written.length > 60 ? `${written.slice(0, 60)}...` : written;
  return new UnitError(
    'UNIT_UNKNOWN',
    `"${shown}" is not a D-SI unit: write it as in "\\kilo\\gram" or "\\metre\\per\\second".`,
  );
}

// --- Computing ----------------------------------------------------------------------------------------------------

function dimensionOf(terms: readonly Term[]): string {
  return BASE_UNITS.flatMap((base, i) => {
    const halves = terms.reduce((sum, term) => sum + (term.unit.dimension[i] ?? 0) * term.halves, 0);
    return halves === 0 ? [] : [`${base}${halves / 2}`];
  }).join(' ');
}

/** Numerator, denominator and power of ten are kept apart as integers, and rounded once at the end. */
function factorOf(terms: readonly Term[], written: string): number {
  let [numerator, denominator, exponent, root] = [1n, 1n, 0, 1];
  for (const { unit, prefix, halves } of terms) {
    const ten = unit.exponent + prefix;
    const whole = Math.trunc(halves / 2);
    if (whole > 0) {
      numerator *= unit.mantissa ** BigInt(whole);
    } else {
      denominator *= unit.mantissa ** BigInt(-whole);
    }
    exponent += ten * whole;
    if (halves % 2 !== 0) {
      const square = Math.sqrt(Number(`${unit.mantissa}e${ten}`));
      root = halves > 0 ? root * square : root / square;
    }
  }
  const factor = (Number(`${numerator}e${exponent}`) / Number(denominator)) * root;
  if (!Number.isFinite(factor) || factor === 0) {
    throw unknown(written);
  }
  return factor;
}

// --- Tables -------------------------------------------------------------------------------------------------------

const PREFIXES: ReadonlyMap<string, number> = new Map([
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

const LOGARITHMIC: ReadonlySet<string> = new Set(['bel', 'decibel', 'neper']);

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

function unit(
  dimension: Exponents,
  mantissa = 1n,
  exponent = 0,
  more: { readonly offset?: number; readonly quantity?: string; readonly takesPrefix?: boolean } = {},
): NamedUnit {
  return { takesPrefix: true, ...more, dimension, mantissa, exponent };
}

const BARE = { takesPrefix: false };
const ANGLE = { takesPrefix: false, quantity: 'angle' };
const CELSIUS = unit(TEMPERATURE, 1n, 0, { offset: 273.15 });

const UNITS: ReadonlyMap<string, NamedUnit> = new Map([
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
]);

const QUANTITIES: ReadonlyMap<string, string> = new Map([
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
