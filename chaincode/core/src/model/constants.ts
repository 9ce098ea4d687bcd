import { lazily } from './lazily.js';
import { parseUnit, readUnit } from './units.js';

/** A constant of nature whose value the SI fixes: using it needs no standard. */
export interface PublishedConstant {
  readonly name: string;
  readonly symbol: string;
  readonly value: number;
  readonly unit: string;
}

// The seven defining constants (SI Brochure, 9th edition).
const CAESIUM = 9_192_631_770;
const C = 299_792_458;
const H = 6.626_070_15e-34;
const E = 1.602_176_634e-19;
const K = 1.380_649e-23;
const AVOGADRO = 6.022_140_76e23;
const LUMINOUS_EFFICACY = 683;

const PI = 3.141_592_653_589_793;

/** The defining constants of the SI, and constants that follow from them without measurement. */
export const PUBLISHED_CONSTANTS: readonly PublishedConstant[] = [
  of('hyperfine transition frequency of caesium 133', 'Δν(Cs)', CAESIUM, '\\hertz'),
  of('speed of light in vacuum', 'c', C, '\\metre\\per\\second'),
  of('Planck constant', 'h', H, '\\joule\\second'),
  of('reduced Planck constant', 'ħ', H / (2 * PI), '\\joule\\second'),
  of('elementary charge', 'e', E, '\\coulomb'),
  of('Boltzmann constant', 'k', K, '\\joule\\per\\kelvin'),
  of('Avogadro constant', 'N(A)', AVOGADRO, '\\mole\\tothe{-1}'),
  of('luminous efficacy of 540 THz radiation', 'K(cd)', LUMINOUS_EFFICACY, '\\lumen\\per\\watt'),
  of('Josephson constant', 'K(J) = 2e/h', (2 * E) / H, '\\hertz\\per\\volt'),
  of('magnetic flux quantum', 'Φ0 = h/2e', H / (2 * E), '\\weber'),
  of('von Klitzing constant', 'R(K) = h/e²', H / E / E, '\\ohm'),
  of('conductance quantum', 'G0 = 2e²/h', ((2 * E) / H) * E, '\\siemens'),
  of('molar gas constant', 'R = N(A) k', AVOGADRO * K, '\\joule\\per\\mole\\per\\kelvin'),
  of('Faraday constant', 'F = N(A) e', AVOGADRO * E, '\\coulomb\\per\\mole'),
  of(
    'Stefan-Boltzmann constant',
    'σ = 2π⁵k⁴/15h³c²',
    ((((((2 * PI * PI * PI * PI * PI * K) / H) * K) / H) * K) / H / C / C / 15) * K,
    '\\watt\\per\\metre\\tothe{2}\\per\\kelvin\\tothe{4}',
  ),
  of('first radiation constant', 'c1 = 2πhc²', 2 * PI * H * C * C, '\\watt\\metre\\tothe{2}'),
  of('second radiation constant', 'c2 = hc/k', (H / K) * C, '\\metre\\kelvin'),
];

/** Certificates state such constants with ten digits. */
const DIGITS = 1e-9;

/** The published constant that a number, or its inverse, equals; undefined for any other number. Value and unit decide, not the name. */
export function publishedConstant(value: number, unit: string): PublishedConstant | undefined {
  const read = parseUnit(unit);
  if (read?.offset !== 0) {
    return undefined;
  }
  const stated = value * read.factor;
  return (
    known().find(({ dimension, exact }) => read.dimension === dimension && isClose(stated, exact))?.constant ??
    known().find(({ dimension, exact }) => read.dimension === inverted(dimension) && isClose(stated, 1 / exact))
      ?.constant
  );
}

const known = lazily(() =>
  PUBLISHED_CONSTANTS.map((constant) => {
    const { dimension, factor } = readUnit(constant.unit);
    return { constant, dimension, exact: constant.value * factor };
  }),
);

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= DIGITS * Math.abs(b);
}

function inverted(dimension: string): string {
  return dimension.replace(/(-?)(\d+(?:\.\d+)?)(?= |$)/g, (_, sign: string, size: string) =>
    sign === '' ? `-${size}` : size,
  );
}

function of(name: string, symbol: string, value: number, unit: string): PublishedConstant {
  return { name, symbol, value, unit };
}
