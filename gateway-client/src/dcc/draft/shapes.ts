import type { BoundedDistribution } from '@tracecal/core/model';

/** Which quantity a result is of, and how well it is known, row by row: the shape of the registry's results. */
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
  /** Reference value or measured value; null: stated, but not usable. */
  readonly value: number | null;
  /** Indication minus value, in the unit of the result. */
  readonly error: number | null;
  /** One an argument, in its unit. */
  readonly at: readonly (number | string)[];
  readonly uncertainty: RowUncertainty | null;
}

/** Absolute, at this row. */
export interface RowUncertainty {
  readonly expanded: number;
  readonly coverageFactor: number;
  readonly coverageProbability: number | null;
  /** One with limits; absent: normal, or not stated. */
  readonly distribution?: BoundedDistribution;
}

/** What told: an attribute of the file, a name in some language, how a table is built, a unit, a condition, the mapping file. */
export type Origin = 'refType' | 'refId' | 'name' | 'structure' | 'unit' | 'condition' | 'mapping';

/** Something that the draft took for granted, and why. */
export interface Decision {
  readonly about: string;
  readonly decided: string;
  readonly from: Origin;
}

/** Something that the certificate does not tell, and that a mapping file can. */
export interface Question {
  readonly asks: 'argument' | 'coverage' | 'item' | 'kind' | 'uncertainty';
  /** The result that it is about. */
  readonly result: string;
  readonly text: string;
}

/** What is wrong with one row; rows are counted from 1. */
export interface RowNote {
  readonly row: number;
  readonly note: string;
}

/** Something of a certificate that does not become part of a report, and why. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}
