import type { BoundedDistribution } from '@tracecal/core/model';
import type { Quantity } from '../data.js';
import type { Origin } from './shapes.js';
import type { DraftUnit } from './units.js';
import type { Role } from './vocabulary.js';

/** One value of a column. */
export interface Cell {
  /** In the unit of the column; null if the certificate states no usable number. */
  readonly value: number | null;
  /** Why there is no value. */
  readonly note: string | null;
  readonly uncertainty: StatedUncertainty | null;
  /** One step of the last written digit of the value. */
  readonly step?: number;
}

/** As stated, converted to absolute values; a part is null if it is not stated, or not a number. */
export interface StatedUncertainty {
  readonly U: number | null;
  readonly k: number | null;
  readonly p: number | null;
  readonly distribution: BoundedDistribution | null;
  /** It is stated as a part of a value that has no size: zero, or on a scale whose zero is a convention. */
  readonly isPartOfNothing?: boolean;
  /** It is stated as a part of a full scale that the file does not state. */
  readonly isPartOfSpan?: boolean;
  /** Nobody says whether it is a part of the value or in the unit of dimension one that it states. */
  readonly mayBePart?: boolean;
  /** One step of the last written digit of U. */
  readonly step?: number;
}

/** A column of a table, or a quantity that stands alone. */
export interface Column {
  readonly name: string;
  /** In every language. */
  readonly names: readonly string[];
  readonly refTypes: readonly string[];
  readonly role: Role;
  readonly from: Origin;
  /** The mapping file says that the uncertainty stated here is that of the result. */
  readonly ofResult: boolean;
  /** Its name, its refType or the mapping file says whether it is a part of the values; null: nobody does. */
  readonly ofValue: boolean | null;
  /** It is a part of the full scale, not of the value. */
  readonly ofSpan: boolean;
  /** Null if it states words, or values without a known unit. */
  readonly unit: DraftUnit | null;
  /** Why its values cannot be used. */
  readonly reason: string | null;
  readonly cells: readonly Cell[];
  readonly words: readonly string[];
  readonly quantity: Quantity;
}

/** The name of a table in the mapping file. */
export interface TablePlace {
  /** Number of the result among all results, counted from 1. */
  readonly result: number;
  readonly names: readonly string[];
}
