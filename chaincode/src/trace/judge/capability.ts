import type { CalendarDate, Result } from '../../model/index.js';
import { judge, rowsOf } from '../cmc/index.js';
import type { CmcJudgement, MeasuredRow, Work } from '../cmc/index.js';
import type { Line, OpenReport } from '../open/opener.js';
import type { JudgingPolicy } from './policy.js';

/** A row of a result that states an uncertainty, and its place. */
export interface CountedRow {
  readonly row: MeasuredRow;
  readonly place: number;
}

const known = new WeakMap<Result, readonly CountedRow[]>();

/** Rows with an uncertainty: the others are there for people to read. */
export function countedRows(result: Result): readonly CountedRow[] {
  const found = known.get(result) ?? rowsIn(result);
  known.set(result, found);
  return found;
}

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
  const best = BEST_FIRST.map((outcome) => each.find((found) => found.outcome === outcome)).find((found) => found);
  return best ?? judged(lines);
}
