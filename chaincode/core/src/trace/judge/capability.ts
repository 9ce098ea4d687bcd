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

/** Rows with an uncertainty: the others are there for people to read. */
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

/** A day of the work, and what the registry allows for. */
export interface OnDay {
  readonly day: CalendarDate;
  readonly policy: JudgingPolicy;
}

/**
 * What the lines of an accreditation say of a row on a day. Each of those who granted lines is asked alone: what one of them
 * grants never takes from what another granted.
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
