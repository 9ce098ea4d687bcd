import { kindNamed } from './kinds.js';
import { LN_10, log10, tenTo } from './logarithm.js';

/** A value with its standard uncertainty, in the coherent SI unit of its kind; a level is in decibels. */
export interface Estimate {
  readonly value: number;
  readonly uncertainty: number | null;
}

/** A relation between two kinds that needs no measured quantity. Others (a mass from a conventional mass) are declared models. */
export interface ExactRelation {
  readonly from: string;
  readonly to: string;
  /** The relation, with the constant or reference that it uses, for the verdict to show. */
  readonly note: string;
  /** One becomes smaller when the other becomes larger. */
  readonly isFalling: boolean;
  /** The other kind's estimate, with the uncertainty to first order; null if it does not exist or is not finite. */
  readonly convert: (estimate: Estimate) => Estimate | null;
}

/** Both directions of a function and its inverse, with their derivatives. */
interface Law {
  readonly note: string;
  readonly apply: (x: number) => number;
  readonly slope: (x: number) => number;
  readonly invert: (y: number) => number;
  readonly inverseSlope: (y: number) => number;
}

/** Speed of light in vacuum in m/s, exact. */
const SPEED_OF_LIGHT = 299_792_458;

/** y = c / x, its own inverse. */
function reciprocal(note: string, c = 1): Law {
  const apply = (x: number) => c / x;
  const slope = (x: number) => -c / x / x;
  return { note, apply, slope, invert: apply, inverseSlope: slope };
}

/**
 * y = factor lg(x / reference) in decibels; x is positive. The factor is 20 for field quantities, 10 for powers, and negative if the
 * level is that of input over output.
 */
function level(factor: number, reference: number, note: string): Law {
  // A level that is too low for a double must not become a ratio of zero.
  const toValue = (y: number) => tenTo(y / factor) * reference || NaN;
  return {
    note,
    apply: (x) => factor * log10(x / reference),
    slope: (x) => factor / LN_10 / x,
    invert: toValue,
    inverseSlope: (y) => (toValue(y) * LN_10) / factor,
  };
}

const LAWS: readonly (readonly [string, string, Law])[] = [
  ['period', 'frequency', reciprocal('f = 1/T')],
  ['resistance', 'conductance', reciprocal('G = 1/R')],
  ['impedance', 'admittance', reciprocal('Y = 1/Z')],
  ['wavelength', 'frequency', reciprocal('f = c/λ, in vacuum, c = 299 792 458 m/s', SPEED_OF_LIGHT)],
  ['gain', 'gain-level', level(20, 1, 'L = 20 lg(G) dB')],
  ['voltage-ratio', 'gain-level', level(20, 1, 'L = 20 lg(U2/U1) dB')],
  ['voltage-ratio', 'attenuation', level(-20, 1, 'A = -20 lg(U2/U1) dB')],
  ['power-ratio', 'gain-level', level(10, 1, 'L = 10 lg(P2/P1) dB')],
  ['power-ratio', 'attenuation', level(-10, 1, 'A = -10 lg(P2/P1) dB')],
  ['reflection-coefficient', 'return-loss', level(-20, 1, 'L = -20 lg|r| dB')],
  ['sound-pressure', 'sound-pressure-level', level(20, 2e-5, 'L = 20 lg(p/20 µPa) dB, in air')],
  ['sound-power', 'sound-power-level', level(10, 1e-12, 'L = 10 lg(P/1 pW) dB')],
  ['microphone-sensitivity', 'microphone-sensitivity-level', level(20, 1, 'L = 20 lg(M/(1 V/Pa)) dB')],
  ...['microphone-pressure-sensitivity', 'microphone-free-field-sensitivity'].map(
    (kind): readonly [string, string, Law] => [kind, `${kind}-level`, level(20, 1, 'L = 20 lg(M/(1 V/Pa)) dB')],
  ),
  ['rf-power', 'power-level', level(10, 1e-3, 'L = 10 lg(P/1 mW) dB')],
];

const relations: ReadonlyMap<string, ExactRelation> = new Map(
  LAWS.flatMap(([x, y, law]) => [
    [key(x, y), relation(x, y, law.note, law.apply, law.slope)],
    [key(y, x), relation(y, x, law.note, law.invert, law.inverseSlope)],
  ]),
);

/** Every exact relation, both ways. */
export const EXACT_RELATIONS: readonly ExactRelation[] = [...relations.values()];

/** The exact relation that leads from one kind to another; undefined if the kinds have no such relation, as a kind with itself. */
export function exactRelation(from: string, to: string): ExactRelation | undefined {
  return relations.get(key(kindNamed(from)?.name ?? '', kindNamed(to)?.name ?? ''));
}

/** A kind in a group of kinds that follow exactly from one another: one of them represents the group. */
export interface RelatedKind {
  readonly kind: string;
  /** It becomes smaller when that kind becomes larger. */
  readonly isFalling: boolean;
}

const related = new Map<string, RelatedKind>();
for (const { from } of EXACT_RELATIONS) {
  relate(from, { kind: from, isFalling: false });
}

function relate(from: string, as: RelatedKind): void {
  if (related.has(from)) {
    return;
  }
  related.set(from, as);
  for (const { to, isFalling } of EXACT_RELATIONS.filter((each) => each.from === from)) {
    relate(to, { kind: as.kind, isFalling: as.isFalling !== isFalling });
  }
}

/** The kind that represents all kinds that follow exactly from a kind, directly or through others; most represent only themselves. */
export function relatedKind(kind: string): RelatedKind {
  const name = kindNamed(kind)?.name ?? kind;
  return related.get(name) ?? { kind: name, isFalling: false };
}

function key(from: string, to: string): string {
  return `${from} ${to}`;
}

function relation(
  from: string,
  to: string,
  note: string,
  f: (x: number) => number,
  slope: (x: number) => number,
): ExactRelation {
  // All of them are monotonic for positive values.
  return { from, to, note, isFalling: slope(1) < 0, convert: (estimate) => converted(estimate, f, slope) };
}

function converted(
  { value, uncertainty }: Estimate,
  f: (x: number) => number,
  slope: (x: number) => number,
): Estimate | null {
  const result = f(value);
  const spread = uncertainty === null ? null : Math.abs(slope(value)) * uncertainty;
  // A positive uncertainty that became zero would hide any difference.
  const lost = spread === 0 && uncertainty !== 0;
  return Number.isFinite(value) && Number.isFinite(result) && (spread === null || Number.isFinite(spread)) && !lost
    ? { value: result, uncertainty: spread }
    : null;
}
