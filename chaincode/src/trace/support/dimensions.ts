/** Exponents of the base units by their name. */
export type Dimension = ReadonlyMap<string, number>;

/** Reads what `parseUnit` gives as dimension, e.g. `m-3 kg1`; undefined for anything else. */
export function readDimension(text: string): Dimension | undefined {
  const exponents = new Map<string, number>();
  for (const part of text.split(' ').filter((each) => each !== '')) {
    const [, name, exponent] = /^([A-Za-z]+)(-?\d+(?:\.\d+)?)$/.exec(part) ?? [];
    if (name === undefined || exponent === undefined || exponents.has(name)) {
      return undefined;
    }
    exponents.set(name, Number(exponent));
  }
  return exponents;
}

/** The dimension of a product of powers. */
export function powers(factors: readonly { readonly dimension: Dimension; readonly exponent: number }[]): Dimension {
  const exponents = new Map<string, number>();
  for (const { dimension, exponent } of factors) {
    for (const [name, own] of dimension) {
      exponents.set(name, (exponents.get(name) ?? 0) + own * exponent);
    }
  }
  return exponents;
}

/** But for rounding: exponents may be fractions, as the 1/3 of a length from a volume. */
export function isSameDimension(a: Dimension, b: Dimension): boolean {
  const ROUNDING = 1e-6;
  return [...a.keys(), ...b.keys()].every((name) => Math.abs((a.get(name) ?? 0) - (b.get(name) ?? 0)) < ROUNDING);
}
