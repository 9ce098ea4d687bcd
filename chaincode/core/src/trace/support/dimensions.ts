import { ONCE } from './exponents.js';

/** Twice the exponents of the base units, by name: whole numbers, because units have half exponents at most. */
export type Dimension = ReadonlyMap<string, number>;

/** Reads what `parseUnit` gives as dimension, e.g. `m-3 kg1`; undefined for anything else. */
export function readDimension(text: string): Dimension | undefined {
  const halves = new Map<string, number>();
  for (const part of text.split(' ').filter((each) => each !== '')) {
    const [, name, exponent] = /^([A-Za-z]+)(-?\d+(?:\.5)?)$/.exec(part) ?? [];
    if (name === undefined || exponent === undefined || halves.has(name)) {
      return undefined;
    }
    halves.set(name, 2 * Number(exponent));
  }
  return halves;
}

/** A factor of a product, with its exponent in twelfths. */
export interface Power {
  readonly dimension: Dimension;
  readonly twelfths: number;
}

/** Whether a product of powers has this dimension, computed in whole numbers to exclude rounding. */
export function isProductOf(dimension: Dimension, factors: readonly Power[]): boolean {
  const open = new Map<string, number>();
  for (const { dimension: own, twelfths } of [...factors, { dimension, twelfths: -ONCE }]) {
    for (const [name, halves] of own) {
      open.set(name, (open.get(name) ?? 0) + halves * twelfths);
    }
  }
  return [...open.values()].every((each) => each === 0);
}
