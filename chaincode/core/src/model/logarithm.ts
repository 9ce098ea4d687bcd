/**
 * Logarithm and power of ten from correctly rounded operations only (+ - * /), so that every endorser computes the same last
 * bit: Math.log10 and Math.pow may differ between versions of the engine. Both are within a few units of the last place.
 */

export const LN_10 = 2.302585092994046;
const LN_2 = 0.6931471805599453;
const SQRT_2 = 1.4142135623730951;
/** Terms until which both series are exhausted in double precision. */
const TERMS = 24;

/** Decimal logarithm, exact at powers of ten; NaN unless the argument is finite and positive. */
export function log10(x: number): number {
  if (!(Number.isFinite(x) && x > 0)) {
    return NaN;
  }
  const [mantissa, exponent] = splitBinary(x);
  const power = (exponent * LN_2 + logNearOne(mantissa)) / LN_10;
  const whole = Math.round(power);
  return Number(`1e${whole}`) === x ? whole : power;
}

/** Ten to a power; NaN unless the power is finite. Overflows to infinity and underflows to zero like any product. */
export function tenTo(power: number): number {
  if (!Number.isFinite(power)) {
    return NaN;
  }
  const whole = Math.round(power);
  return Number(`1e${whole}`) * expNearZero((power - whole) * LN_10);
}

/** x = mantissa times two to the exponent, with the mantissa about 1. Dividing by two and doubling are exact here. */
function splitBinary(x: number): readonly [number, number] {
  let [mantissa, exponent] = [x, 0];
  for (; mantissa > SQRT_2; exponent++) {
    mantissa /= 2;
  }
  for (; mantissa <= SQRT_2 / 2; exponent--) {
    mantissa *= 2;
  }
  return [mantissa, exponent];
}

/** ln x = 2 artanh((x - 1) / (x + 1)); the argument of the series is at most 0.18. */
function logNearOne(x: number): number {
  const s = (x - 1) / (x + 1);
  let [sum, power] = [0, s];
  for (let n = 1; n < 2 * TERMS; n += 2) {
    sum += power / n;
    power *= s * s;
  }
  return 2 * sum;
}

/** The series of the exponential function for an argument of at most 1.16. */
function expNearZero(x: number): number {
  let [sum, term] = [1, 1];
  for (let n = 1; n <= TERMS; n++) {
    term *= x / n;
    sum += term;
  }
  return sum;
}
