import type { BoundedDistribution } from '@tracecal/core/model';

/** The quantity of a result and its uncertainty, row by row, in the shape of the registry's results. */
export interface Result {
  readonly name: string;
  /** Kind of quantity: `temperature`, `relative-humidity`. */
  readonly quantity: string;
  /** D-SI, of values, errors and uncertainties. */
  readonly unit: string;
  readonly arguments: readonly Argument[];
  readonly rows: readonly Row[];
}

export interface Argument {
  readonly name: string;
  /** Only physical arguments are matched between devices. */
  readonly role: 'physical' | 'setting';
  /** Its kind of quantity; null for a setting in words. */
  readonly quantity: string | null;
  readonly unit: string | null;
}

export interface Row {
  /** Reference value or measured value; null: stated, but unusable. */
  readonly value: number | null;
  /** Indication minus value, in the unit of the result. */
  readonly error: number | null;
  /** One per argument, in its unit. */
  readonly at: readonly (number | string)[];
  readonly uncertainty: RowUncertainty | null;
}

/** Absolute, at this row. */
export interface RowUncertainty {
  readonly expanded: number;
  readonly coverageFactor: number;
  readonly coverageProbability: number | null;
  /** A distribution with limits; absent: normal, or not stated. */
  readonly distribution?: BoundedDistribution;
}

/**
 * Source of a decision: an attribute of the file, a name in some language, the structure of a table, a unit, a condition,
 * the mapping file.
 */
export type Origin = 'refType' | 'refId' | 'name' | 'structure' | 'unit' | 'condition' | 'mapping';

/** An assumption of the draft, and its reason. */
export interface Decision {
  readonly about: string;
  readonly decided: string;
  readonly from: Origin;
}

/** Information that is missing in the certificate and that a mapping file can provide. */
export interface Question {
  readonly asks: 'argument' | 'coverage' | 'item' | 'kind' | 'uncertainty';
  /** The result in question. */
  readonly result: string;
  readonly text: string;
}

/** A fault in one row; rows are counted from 1. */
export interface RowNote {
  readonly row: number;
  readonly note: string;
}

/** Content of a certificate that does not become part of a report, and the reason. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}
