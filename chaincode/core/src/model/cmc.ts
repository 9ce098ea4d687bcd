import type { CalendarDate } from './time.js';

/**
 * Calibration and measurement capabilities (CMC): what an accreditation, or an institute's published table, covers and the
 * smallest expanded uncertainty at 95 % that may be claimed there.
 */

export const METHOD_LEVELS = ['primary', 'secondary', 'working'] as const;
export type MethodLevel = (typeof METHOD_LEVELS)[number];

/** Where work is done: in the laboratory's own rooms, or elsewhere, e.g. at the customer's. */
export const WORK_PLACES = ['laboratory', 'on-site'] as const;
export type WorkPlace = (typeof WORK_PLACES)[number];

export const LINE_PLACES = [...WORK_PLACES, 'both'] as const;
export type LinePlace = (typeof LINE_PLACES)[number];

/** How the parts of a linear CMC are added. */
export const COMBINATIONS = ['sum', 'root-sum-square'] as const;

/** A line of an accreditation. Numbers are in the line's own units. */
export interface AccreditationLine {
  /** Kind of quantity. */
  readonly quantity: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** Arguments of the quantity, e.g. a frequency. A report has to state each of them within its range. */
  readonly arguments: readonly LineArgument[];
  readonly cmc: Cmc;
  /** A text or the number of a norm; null: any method. */
  readonly method: string | null;
  readonly methodLevel: MethodLevel | null;
  readonly place: LinePlace;
  /** Id of the service in the KCDB. */
  readonly service: string | null;
  readonly validFrom: CalendarDate;
  /** Last day. */
  readonly validTo: CalendarDate;
}

export interface LineArgument {
  readonly name: string;
  /** Kind of quantity. */
  readonly quantity: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
}

export type Cmc = ConstantCmc | TableCmc | LinearCmc | MatrixCmc;

/** The name of an argument of the line; null: the quantity itself. */
export type Variable = string | null;

/** One CMC for the whole range. */
export interface ConstantCmc {
  readonly form: 'constant';
  /** Whether it is a part of the quantity's magnitude, e.g. 0.005 for 0.5 %. */
  readonly relative: boolean;
  readonly value: number;
}

/** Nodes in ascending order, with linear interpolation between them. */
export interface TableCmc {
  readonly form: 'table';
  readonly relative: boolean;
  readonly of: Variable;
  readonly points: readonly { readonly at: number; readonly cmc: number }[];
}

/** `a + b |x| + ...`, or the root of the sum of squares of these parts: `Q[a, b x]`. */
export interface LinearCmc {
  readonly form: 'linear';
  /** In the line's unit. */
  readonly a: number;
  /** `b` is in the line's unit per unit of the variable. */
  readonly terms: readonly { readonly of: Variable; readonly b: number }[];
  readonly combined: (typeof COMBINATIONS)[number];
}

/** Nodes over two variables, with linear interpolation in both. */
export interface MatrixCmc {
  readonly form: 'matrix';
  readonly relative: boolean;
  readonly of: readonly [Variable, Variable];
  /** Nodes of the first variable, ascending. */
  readonly rows: readonly number[];
  /** Nodes of the second variable, ascending. */
  readonly columns: readonly number[];
  /** One list a row, with one CMC a column. */
  readonly cmc: readonly (readonly number[])[];
}

/** Lines added to an organisation's accreditation, with the accreditation that they belong to. */
export interface AccreditationGrant {
  /** The accreditation body, as certificates name it; null for an institute's own table. */
  readonly body: string | null;
  /** Number of the accreditation, or of the entry in the KCDB. */
  readonly number: string | null;
  readonly lines: readonly AccreditationLine[];
}

/** How many numbers a line's CMC consists of. */
export function nodesOf(cmc: Cmc): number {
  switch (cmc.form) {
    case 'constant':
      return 1;
    case 'linear':
      return 1 + cmc.terms.length;
    case 'table':
      return cmc.points.length;
    case 'matrix':
      return cmc.rows.length * cmc.columns.length;
  }
}
