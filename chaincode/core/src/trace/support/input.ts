import type { BoundedDistribution } from '../../model/index.js';
import type { Errors } from './errors.js';
import type { Outcome } from './outcome.js';
import type { Range } from './policy.js';

/** `ratio`: mass, volt, pascal. `additive`: temperature, differences, angle, dB. `coefficient`: sensitivity, gain. */
export type Scale = 'ratio' | 'additive' | 'coefficient';

/** `range`: a standard is calibrated over a range of values. `finding`: a calibration finds the value at its arguments. */
export type Values = 'range' | 'finding';

export type Method =
  'undeclared' | 'direct' | 'scaled' | 'group' | 'interpolated' | 'product' | 'sum' | 'general' | 'natural';

export type Role = 'reference' | 'input' | 'ratio' | 'influence' | 'check' | 'after';

/** A physical argument, such as frequency. Settings (range, channel) are left out, because every device has its own. */
export interface Axis {
  readonly kind: string;
  readonly name: string;
  /** It has the kind of the value but is no nominal value: an ambient temperature beside a temperature. */
  readonly isBeside?: true;
}

/** All numbers are in the SI units of their kind: a temperature in kelvin, a difference without an offset. */
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
  /** The stated distribution with limits, whose k is smaller than that of a normal one; null: normal, or none stated. */
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
  /** Empty: the value is its own argument. */
  readonly axes: readonly Axis[];
  /** Its numeric settings, except those of its own kind, which are ranges. They match physical arguments of a source. */
  readonly settings?: readonly Axis[];
  readonly rows: readonly ResultRow[];
  /** The rows of the question; absent: all. The other rows are only used to decide these. */
  readonly only?: ReadonlySet<number>;
  readonly method: Method;
  readonly own: readonly { readonly name: string; readonly share: number | null }[];
  readonly constants: readonly Constant[];
  /** `scaled`: the ratio follows from the design (a decade divider of equal parts), and needs no source. */
  readonly ratioByDesign: boolean;
  /** Whether all conditions hold under which an accreditation may replace standards that are not shown. */
  readonly accredited: boolean;
}

/** A factor of a product, a term of a sum. */
export interface Constant {
  readonly name: string;
  readonly value: number;
  readonly dimension: string | null;
  /** Part of u². */
  readonly share: number | null;
  /** Whether it is a number or a published constant of nature, which need not be measured. */
  readonly isExact: boolean;
}

export interface SourceRow {
  readonly x: readonly number[];
  readonly y: number | null;
  /** Standard uncertainty; null where none is stated. */
  readonly u: number | null;
  /** A zero that needed and had no reference: it does not cover any other value. */
  readonly isZeroOnly?: true;
  /** At the edge of the range that its references cover: the nearest place inside. The row covers no more than that. */
  readonly covered?: Pick<SourceRow, 'x' | 'y'>;
  /** Its correlation with the errors that it is made of; absent: it has only an error of its own. */
  readonly errors?: Errors;
}

/** How a source is used, as the report declares it. */
export interface Use {
  /** Null: not declared. Then a source of the result's kind is a reference, and any other source an influence. */
  readonly role: Role | null;
  /** Arguments at which it was used: one for each axis or, for a source with one axis, one for each row. */
  readonly at: readonly number[] | null;
  readonly exponent: number | null;
  /** One for all rows, or one a row. */
  readonly sensitivity: { readonly values: readonly number[]; readonly dimension: string | null } | null;
  /** Part of u². */
  readonly share: number | null;
}

/** A certificate's data about a kind of quantity. */
export interface Said {
  readonly report: string;
  /** Null: a paper certificate for which nobody stated it. */
  readonly kind: string | null;
  readonly scale: Scale;
  readonly dimension: string | null;
  readonly axes: readonly Axis[];
  readonly rows: readonly SourceRow[];
  /** The range that the certificate declares, one for each axis; absent: the span of its rows. */
  readonly range: readonly (Range | null)[] | null;
  /** What the certificate states, if it was converted to this kind by an exact relation. */
  readonly original?: { readonly kind: string; readonly rows: readonly SourceRow[] };
}

/**
 * A result and the references of its kind that it was compared with or scaled from. Results that rest on the same references share
 * their errors.
 */
export interface Foundation {
  readonly said: Said;
  /** Length of the longest way up; 0 without references of its kind. */
  readonly height: number;
  readonly above: readonly Foundation[];
  readonly isScaled: boolean;
}

/** A result of a parent, or a paper certificate, that a result rests on. */
export interface Source extends Said {
  readonly device: string;
  /** The conclusion of the trace about it. */
  readonly outcome: Outcome;
  /** False: it has no record, or the digest does not match. Such a source has no rows. */
  readonly resolved: boolean;
  readonly onPaper: boolean;
  /** Its own sources; absent if unknown. */
  readonly foundation?: Foundation;
  /** Whether it was made after the result, and an earlier calibration of the same device is named too; absent: unknown. */
  readonly isLater?: boolean;
  readonly use: Use;
}
