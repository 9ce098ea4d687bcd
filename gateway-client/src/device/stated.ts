/** Digits of U in a stated result. */
const DIGITS = 3;
/** What a double loses while it is computed is no uncertainty of measurement. */
const NOISE = 8 * Number.EPSILON;
/** The same, in units of the last of three digits. */
const NOISE_IN_LAST = 1e-9;

/** A value and its expanded uncertainty. */
export interface ValueWithU {
  readonly value: number;
  readonly expanded: number;
}

/**
 * A result with the digits that mean something: U to three digits, rounded up, and the value to one decimal place more than U. What rounding
 * has moved the value by is part of U, so that the interval covers all that it covered before.
 *
 * @param largest - Of the numbers that the value was computed from: what doubles lose of it is no rounding.
 */
export function stated({ value, expanded }: ValueWithU, largest: number): ValueWithU {
  const places = DIGITS - 1 - exponentOf(expanded);
  const rounded = roundedTo(value, places + 1, Math.round);
  const moved = Math.abs(rounded - value);
  const whole = moved > NOISE * Math.max(Math.abs(largest), Math.abs(value)) ? expanded + moved : expanded;
  return { value: rounded, expanded: roundedTo(whole, places, up) };
}

/** Of the first digit; 0 for 0. */
function exponentOf(number: number): number {
  return Number(number.toExponential().split('e')[1]);
}

function up(number: number): number {
  const nearest = Math.round(number);
  return Math.abs(number - nearest) <= NOISE_IN_LAST ? nearest : Math.ceil(number);
}

/** A number that has fewer digits than are asked for stays as it is. */
function roundedTo(number: number, places: number, round: (number: number) => number): number {
  const inUnits = shifted(number, places);
  return Math.abs(inUnits) < Number.MAX_SAFE_INTEGER ? shifted(round(inUnits), -places) : number;
}

/** Times a power of ten, exactly as written: 1.005 times 100 is 100.5. */
function shifted(number: number, places: number): number {
  const [digits = '', exponent = '0'] = String(number).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}
