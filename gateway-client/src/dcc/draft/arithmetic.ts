/** Number of decimal digits that a double preserves. */
const DIGITS = 15;

/** A number computed from written decimals, without binary rounding errors in its last digits. */
export function withoutNoise(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** The product of two written decimals: 0.0003 times 10000 is 3. */
export function product(a: number, b: number): number {
  return withoutNoise(a * b);
}

/** The difference of two written decimals, with the precision of the larger one: 20.05 less 20 is 0.05. */
export function difference(a: number, b: number): number {
  const larger = Math.max(Math.abs(a), Math.abs(b));
  const decimals = larger > 0 ? DIGITS - 1 - Math.floor(Math.log10(larger)) : 0;
  return Number((a - b).toFixed(Math.min(100, Math.max(0, decimals))));
}
