import type { CalendarDate, Result } from '../../model/index.js';
import { judge, rowsOf } from '../cmc/index.js';
import type { CmcJudgement, MeasuredRow, Work } from '../cmc/index.js';
import type { Line, OpenReport } from '../open/opened.js';
import { perResult } from '../perResult.js';
import type { JudgingPolicy } from './policy.js';

/** A row of a result that states an uncertainty, and its place. */
export interface CountedRow {
  readonly row: MeasuredRow;
  readonly place: number;
}

/** Rows with an uncertainty; the others are only shown to people. */
export const countedRows = perResult(rowsIn);

function rowsIn({ arguments: all = [], ...result }: Result): readonly CountedRow[] {
  const record = {
    ...result,
    arguments: all.map(({ name, role, quantity = null, unit = null }) => ({ name, role, quantity, unit })),
    rows: result.rows.map(({ at = [], ...row }) => ({ ...row, at })),
  };
  return rowsOf(record).flatMap((row, place) => (row.uncertainty ? [{ row, place }] : []));
}

const BEST_FIRST = ['sound', 'note', 'failed'] as const;

/** A day of the work, and the registry's tolerances. */
export interface OnDay {
  readonly day: CalendarDate;
  readonly policy: JudgingPolicy;
}

/**
 * Compares a row with the lines of an accreditation on a day. The lines of each accreditor are judged separately: a line of one never
 * weakens a line of another.
 */
export function judgeRow(
  { payload }: OpenReport,
  { methods = [], methodLevel }: Result,
  row: MeasuredRow,
  lines: readonly Line[],
  { day, policy }: OnDay,
): CmcJudgement {
  const work: Work = { day, methods, methodLevel: methodLevel ?? null, place: payload.place ?? 'laboratory' };
  const judged = (own: readonly Line[]) =>
    judge(
      row,
      own.map(({ scope }) => scope),
      work,
      policy.cmc,
    );
  const grantors = new Set(lines.map(({ by }) => by));
  if (grantors.size <= 1) {
    return judged(lines);
  }
  const each = [...grantors].map((grantor) => judged(lines.filter(({ by }) => by === grantor)));
  const [best = judged(lines)] = BEST_FIRST.flatMap((outcome) => each.filter((found) => found.outcome === outcome));
  return best;
}
