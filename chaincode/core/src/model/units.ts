import { Memo } from './memo.js';
import { BASE_UNITS, PREFIXES, REFUSED, UNITS } from './unitTable.js';
import type { NamedUnit } from './unitTable.js';

/**
 * A D-SI unit reduced to SI base units: `si = factor * value + offset`. A logarithmic unit is reduced to the decibel, in the
 * dimension `level`: levels add, so values and uncertainties scale as in any other unit, but are never a ratio.
 */
export interface Unit {
  readonly factor: number;
  /** 0 except for a temperature in degrees Celsius. A difference or an uncertainty never takes it. */
  readonly offset: number;
  /** Exponents of the base units in a fixed order, e.g. `m-3 kg1`; empty for a number. Equal text = comparable. */
  readonly dimension: string;
  /** The words of its units in order, without prefixes and exponents: only these distinguish lux from candela per square metre. */
  readonly words: readonly string[];
}

/**
 * `UNIT_UNKNOWN`: not D-SI. `UNIT_UNSUPPORTED`: D-SI, but without an exact size in SI units. `UNIT_NOT_ALONE`: a unit with its own
 * zero point combined with other units, where the zero point would be lost.
 */
export type UnitErrorCode = 'UNIT_UNKNOWN' | 'UNIT_UNSUPPORTED' | 'UNIT_NOT_ALONE';

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
    words: terms.map((term) => term.word),
  };
}

/** Names of units, without prefixes. */
export const UNIT_NAMES: readonly string[] = [...UNITS.keys()];

const units = new Memo<Unit | null>(1024);

/** {@link readUnit} without a reason; undefined if the text is not a D-SI unit. */
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

const MAX_TEXT = 200;
const MAX_HALVES = 48;

interface Term {
  readonly word: string;
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
  const word = words.shift()?.name ?? '';
  const unit = unitNamed(word, written);
  if (prefix !== undefined && !unit.takesPrefix) {
    throw unknown(written);
  }
  const power = takeNamed(words, 'tothe')?.argument;
  const halves = power === undefined ? 2 : parseHalves(power, written);
  return { word, unit, prefix: prefix ?? 0, halves: sign * halves };
}

function takeNamed(words: Word[], name: string): Word | undefined {
  return words[0]?.name === name ? words.shift() : undefined;
}

function unitNamed(name: string, written: string): NamedUnit {
  const reason = REFUSED.get(name);
  if (reason !== undefined) {
    throw new UnitError('UNIT_UNSUPPORTED', `The unit "\\${name}" ${reason}: give the value in an SI unit.`);
  }
  const unit = UNITS.get(name);
  if (!unit) {
    throw unknown(written, name);
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

function unknown(written: string, word = ''): UnitError {
  const shown = written.length > 60 ? `${written.slice(0, 60)}...` : written;
  const meant = word.toLowerCase();
  return new UnitError(
    'UNIT_UNKNOWN',
    word !== meant && UNITS.has(meant)
      ? `"${shown}" is not a D-SI unit, which are written in lower-case letters: "\\${meant}".`
      : `"${shown}" is not a D-SI unit: write it as in "\\kilo\\gram" or "\\metre\\per\\second".`,
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
    const power = BigInt(Math.abs(whole));
    const [above, below] = whole > 0 ? [unit.mantissa, unit.divisor] : [unit.divisor, unit.mantissa];
    numerator *= above ** power;
    denominator *= below ** power;
    exponent += ten * whole;
    if (halves % 2 !== 0) {
      const square = Math.sqrt(Number(`${unit.mantissa}e${ten}`) / Number(unit.divisor));
      root = halves > 0 ? root * square : root / square;
    }
  }
  const factor = (Number(`${numerator}e${exponent}`) / Number(denominator)) * root;
  if (!Number.isFinite(factor) || factor === 0) {
    throw unknown(written);
  }
  return factor;
}
