import type { BoundedDistribution } from '../../model/index.js';
import type { Errors } from './errors.js';
import type { Outcome } from './outcome.js';
import type { Range } from './policy.js';

/** `ratio`: mass, volt, pascal. `additive`: temperature, differences, angle, dB. `coefficient`: sensitivity, gain. */
export type Scale = 'ratio' | 'additive' | 'coefficient';

/** `range`: a standard is calibrated over a range of values. `finding`: of whatever is found at its arguments. */
export type Values = 'range' | 'finding';

export type Method =
  'undeclared' | 'direct' | 'scaled' | 'group' | 'interpolated' | 'product' | 'sum' | 'general' | 'natural';

export type Role = 'reference' | 'input' | 'ratio' | 'influence' | 'check' | 'after';

/** A physical argument, as frequency. Settings (range, channel) are left out: two devices have their own. */
export interface Axis {
  readonly kind: string;
  readonly name: string;
}

/** All numbers are in SI units of their kind: a temperature in kelvin, a difference never with an offset. */
export interface ResultRow {
  /** One an axis of the result. */
  readonly x: readonly number[];
  /** One a setting of the result. */
  readonly set?: readonly number[];
  /** The value (never the error); null where none is stated. */
  readonly y: number | null;
  readonly expanded: number;
  readonly k: number;
  readonly p: number | null;
  /** The distribution with limits that is stated, whose k is smaller than a normal one's; null: normal, or none stated. */
  readonly distribution: BoundedDistribution | null;
  /** An accreditation line of the laboratory names the method and covers this row. */
  readonly methodInScope: boolean;
}

export interface SupportedResult {
  readonly kind: string;
  readonly scale: Scale;
  readonly values: Values;
  /** As `parseUnit` gives it; null where the unit is not understood. */
  readonly dimension: string | null;
  /** None: the value is its own argument. */
  readonly axes: readonly Axis[];
  /** Its settings in numbers, but those of its own kind, which are ranges: they answer where a source has a physical argument. */
  readonly settings?: readonly Axis[];
  readonly rows: readonly ResultRow[];
  /** The rows that are asked about; absent: all. The others are there for those. */
  readonly only?: ReadonlySet<number>;
  readonly method: Method;
  readonly own: readonly { readonly name: string; readonly share: number | null }[];
  readonly constants: readonly Constant[];
  /** `scaled`: the ratio follows from the design (a decade divider of equal parts), and needs no source. */
  readonly ratioByDesign: boolean;
  /** The conditions under which an accreditation stands for standards that are not shown all hold. */
  readonly accredited: boolean;
}

/** A factor of a product, a term of a sum. */
export interface Constant {
  readonly name: string;
  readonly value: number;
  readonly dimension: string | null;
  /** Part of u². */
  readonly share: number | null;
  /** A number, or a published constant of nature: nobody has to measure it. */
  readonly isExact: boolean;
}

export interface SourceRow {
  readonly x: readonly number[];
  readonly y: number | null;
  /** Standard uncertainty; null where none is stated. */
  readonly u: number | null;
  /** A zero that needed no reference, and had none there: it says nothing about any other value. */
  readonly isZeroOnly?: true;
  /** Where it is at the edge of what its references cover: the nearest place that is inside. It covers no more. */
  readonly covered?: Pick<SourceRow, 'x' | 'y'>;
  /** Its correlation with the errors that it is made of; absent: it has only one of its own. */
  readonly errors?: Errors;
}

/** How a source is used, as the report declares it. */
export interface Use {
  /** Null: not declared; a source of the result's kind is a reference then, any other an influence. */
  readonly role: Role | null;
  /** Arguments at which it was used, one an axis; of a source with one axis also one a row. */
  readonly at: readonly number[] | null;
  readonly exponent: number | null;
  /** One for all rows, or one a row. */
  readonly sensitivity: { readonly values: readonly number[]; readonly dimension: string | null } | null;
  /** Part of u². */
  readonly share: number | null;
}

/** What a certificate says about a kind of quantity. */
export interface Said {
  readonly report: string;
  /** Null: a paper certificate of which nobody stated it. */
  readonly kind: string | null;
  readonly scale: Scale;
  readonly dimension: string | null;
  readonly axes: readonly Axis[];
  readonly rows: readonly SourceRow[];
  /** Range that the certificate declares, one an axis; else the hull of its rows counts. */
  readonly range: readonly (Range | null)[] | null;
}

/** A result, and those of its kind that it was compared with, or scaled from: who rests on the same ones shares their errors. */
export interface Foundation {
  readonly said: Said;
  /** Longest way up; 0 where nothing of its kind is above. */
  readonly height: number;
  readonly above: readonly Foundation[];
  readonly isScaled: boolean;
}

/** A result of a parent, or a paper certificate, that a result rests on. */
export interface Source extends Said {
  readonly device: string;
  /** What the trace concluded about it. */
  readonly outcome: Outcome;
  /** False: no record was found for it (or its digest does not match). Such a source has no rows. */
  readonly resolved: boolean;
  readonly onPaper: boolean;
  /** What it rests on itself; absent where nobody knows. */
  readonly foundation?: Foundation;
  /** Whether it was made after the result, beside an earlier calibration of the same device; absent: not known. */
  readonly isLater?: boolean;
  readonly use: Use;
}
