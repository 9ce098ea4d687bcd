import type { MethodLevel, WorkPlace } from '../../model/index.js';
import type { StatedUncertainty } from './u95.js';

/** A row of a result, with everything that decides whether an accreditation covers it. */
export interface MeasuredRow {
  /** Kind of quantity. */
  readonly quantity: string;
  /** Of value and uncertainty. */
  readonly unit: string;
  /** Reference or measured value; null if the certificate gives none that can be used. */
  readonly value: number | null;
  /** The physical arguments at which it was measured, including influence conditions of the certificate. */
  readonly at: readonly RowArgument[];
  readonly uncertainty: StatedUncertainty | null;
}

export interface RowArgument {
  readonly name: string;
  readonly quantity: string;
  readonly unit: string;
  readonly value: number;
}

/** The circumstances of the work on a day. */
export interface Work {
  readonly day: string;
  /** Names and norms of the methods used; empty if the report states none. */
  readonly methods: readonly string[];
  /** Null if the report does not state it. */
  readonly methodLevel: MethodLevel | null;
  readonly place: WorkPlace;
}

/** The parts of a result's record that {@link rowsOf} reads. */
export interface ResultRecord {
  readonly quantity: string;
  readonly unit: string;
  readonly arguments: readonly {
    readonly name: string;
    readonly role: 'physical' | 'setting';
    readonly quantity: string | null;
    readonly unit: string | null;
  }[];
  readonly rows: readonly {
    readonly value: number | null;
    readonly at: readonly (number | string)[];
    readonly uncertainty: StatedUncertainty | null;
  }[];
}

/**
 * The rows of a result, each with its physical arguments. Settings (a range, a channel) belong to the instrument and are not compared
 * with an accreditation.
 */
export function rowsOf(result: ResultRecord): readonly MeasuredRow[] {
  const { quantity, unit } = result;
  return result.rows.map(({ value, at, uncertainty }) => ({
    quantity,
    unit,
    value,
    at: result.arguments.flatMap((argument, place) => rowArgument(argument, at[place])),
    uncertainty,
  }));
}

function rowArgument(
  { name, role, quantity, unit }: ResultRecord['arguments'][number],
  value: number | string | undefined,
): readonly RowArgument[] {
  return role === 'physical' && quantity !== null && unit !== null && typeof value === 'number'
    ? [{ name, quantity, unit, value }]
    : [];
}
