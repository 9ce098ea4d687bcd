/** Exponents are whole multiples of this part of one: halves, thirds and quarters are exact. */
const PARTS = 12;
const DENOMINATORS = [1, 2, 3, 4];
const LARGEST = 8;
/** A third may be stated as 0.333. */
const ROUNDING = 0.002;

/**
 * An exponent of a formula as a number of twelfths: whole numbers, halves, thirds and quarters up to 8. Undefined for any other: x to
 * the power of 1e-12 is in effect a constant.
 */
export function twelfths(exponent: number | null): number | undefined {
  if (exponent === null || !(Math.abs(exponent) <= LARGEST)) {
    return undefined;
  }
  const denominator = DENOMINATORS.find((each) => {
    const whole = Math.round(exponent * each);
    return whole !== 0 && Math.abs(exponent * each - whole) <= ROUNDING;
  });
  return denominator === undefined ? undefined : Math.round(exponent * denominator) * (PARTS / denominator);
}

/** The exact exponent; NaN for an exponent that is not allowed. */
export function exactExponent(exponent: number | null): number {
  return (twelfths(exponent) ?? NaN) / PARTS;
}

/**
 * The sign of a power; 0 if it is open. A square root of a negative number does not exist: laboratories give it the sign of a direction.
 */
export function signOfPower(x: number, exponent: number): number {
  if (x >= 0) {
    return Math.sign(x);
  }
  const parts = Math.round(PARTS * exponent);
  const denominator = DENOMINATORS.find((each) => (parts * each) % PARTS === 0) ?? 0;
  return denominator % 2 === 0 ? 0 : ((parts * denominator) / PARTS) % 2 === 0 ? 1 : -1;
}

/** One, in twelfths. */
export const ONCE = PARTS;
