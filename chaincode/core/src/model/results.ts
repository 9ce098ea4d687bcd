import type { MethodLevel } from './cmc.js';

/** A report's data about one measured quantity. Its digest is signed; the content is stored next to the report. */
export interface Result {
  /** The certificate's name for it. */
  readonly name: string;
  /** Kind of quantity: `temperature`, `mass`, ... */
  readonly quantity: string;
  /** D-SI unit of values, errors and uncertainties: `\\degreecelsius`, `\\kilo\\gram`. */
  readonly unit: string;
  /** What else the values depend on; absent if nothing is stated. */
  readonly arguments?: readonly Argument[];
  readonly rows: readonly Row[];
  /** How it depends on the report's parents; absent if it was compared with parents that give the same kind. */
  readonly support?: Support;
  /** Names and norms of its methods. */
  readonly methods?: readonly string[];
  readonly methodLevel?: MethodLevel;
  /** Found before an adjustment or a repair: it is shown, and nothing depends on it. */
  readonly asFound?: true;
  /** Its issuer's own statement that it is not traceable, or not made under the accreditation. */
  readonly excluded?: 'not-traceable' | 'not-accredited';
  readonly conformity?: ResultConformity;
}

export const STATED_CONFORMITIES = ['pass', 'conditionalPass', 'conditionalFail', 'fail', 'noPass', 'noFail'] as const;
export type StatedConformity = (typeof STATED_CONFORMITIES)[number];

/** A certificate's statements about conformity with a specification, separate from traceability. */
export interface ResultConformity {
  /** What the limits are about, in the result's unit. */
  readonly of: 'value' | 'error';
  /** One a row. Acceptance limits already contain the guard band. */
  readonly limits?: {
    readonly kind: 'tolerance' | 'acceptance';
    readonly lower: readonly (number | null)[];
    readonly upper: readonly (number | null)[];
  };
  /** One a row. */
  readonly stated?: readonly (StatedConformity | null)[];
  /** About all rows together. */
  readonly overall?: StatedConformity;
  /** Absent: the certificate names none. */
  readonly rule?: { readonly kind: 'simple' | 'guarded' | 'non-binary'; readonly guardBand?: number };
}

/**
 * Something that every row states beside its value. Physical ones (a frequency, an applied voltage, a temperature) are matched
 * between devices; settings (a range, a channel) are the device's own.
 */
export interface Argument {
  readonly name: string;
  readonly role: 'physical' | 'setting';
  /** Kind of quantity and D-SI unit of a number; absent for a setting in words. */
  readonly quantity?: string;
  readonly unit?: string;
}

/** One value, with everything found there: value, error and correction of one row are one result. */
export interface Row {
  /** The reference or conventional value. Null: the certificate contradicts itself here. */
  readonly value: number | null;
  /** Indication minus value; a correction is minus an error. */
  readonly error?: number;
  /** One an argument, in its order: a number in its unit, or words. */
  readonly at?: readonly (number | string)[];
  readonly uncertainty: Uncertainty | null;
}

export interface Uncertainty {
  /** Expanded uncertainty U, in the result's unit. */
  readonly expanded: number;
  readonly coverageFactor: number;
  /** 0..1; null if the certificate does not say. */
  readonly coverageProbability: number | null;
  /** A distribution with limits, if the certificate states one: its coverage factors are smaller. Absent: normal, or not stated. */
  readonly distribution?: BoundedDistribution;
}

/**
 * The places at which results describe their device, in their units. A newer report replaces an older one at the same places; extents
 * show this without reading either report.
 */
export interface Extent {
  readonly unit: string;
  /** Of the values. */
  readonly min: number;
  readonly max: number;
  /** The largest expanded uncertainty; 0 if none is stated. */
  readonly expanded: number;
  readonly arguments?: readonly ExtentArgument[];
}

/** Numbers from `min` to `max`, or the words of a setting. */
export interface ExtentArgument extends Argument {
  readonly min?: number;
  readonly max?: number;
  readonly words?: readonly string[];
}
export const BOUNDED_DISTRIBUTIONS = ['rectangular', 'triangular', 'u-shaped'] as const;
export type BoundedDistribution = (typeof BOUNDED_DISTRIBUTIONS)[number];

/** Ways in which a result follows from its sources; each has its own floor for the uncertainty. */
export const METHOD_CLASSES = [
  'direct',
  'scaled',
  'group',
  'interpolated',
  'product',
  'sum',
  'general',
  'natural',
] as const;
export type MethodClass = (typeof METHOD_CLASSES)[number];

export const SOURCE_ROLES = ['reference', 'input', 'ratio', 'influence', 'check', 'after'] as const;
export type SourceRole = (typeof SOURCE_ROLES)[number];

/** A laboratory's declaration about a result that is not a plain comparison. */
export interface Support {
  readonly method: MethodClass;
  readonly uses: readonly Use[];
  /** Inputs that come from no certificate, with their share of u². */
  readonly own?: readonly { readonly name: string; readonly share: number }[];
  readonly constants?: readonly Constant[];
  /** For people. */
  readonly formula?: string;
}

export interface Use {
  /** Place of the source among the report's parents, counted from 0. */
  readonly source: number;
  /** The kind that is used, if the source gives several; absent: its only kind, or that of the result. */
  readonly quantity?: string;
  readonly role: SourceRole;
  /** Where it was used: its value, or its arguments. */
  readonly at?: readonly number[];
  /** Of a product. */
  readonly exponent?: number;
  /** Of a sum or of a general model: one number, or one a row. */
  readonly sensitivity?: { readonly values: readonly number[]; readonly unit: string };
  /** Part of u², 0..1. */
  readonly share?: number;
}

/**
 * A factor of a product or a term of a sum. One with a unit is a measured value: unless it is a published constant of nature, it needs
 * a small share, like an input of the laboratory's own.
 */
export interface Constant {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly source: string;
  /** Part of u², 0..1. */
  readonly share?: number;
}
