import type { Result } from '../../model/index.js';
import type { Reason, ReasonCode, ResultFinding } from '../support/index.js';

/** A reason, and the row that it is about; undefined: about the result as a whole. */
export interface Placed {
  readonly reason: Reason;
  readonly row: number | undefined;
}

/** These say how a source stands, which its own findings say better. */
export const PASSED_ON: ReadonlySet<ReasonCode> = new Set([
  'source-failed',
  'source-missing',
  'source-attested',
  'unresolved',
]);
/** These hold for most results, and say nothing that a reader would do something about. */
export const SILENT: ReadonlySet<ReasonCode> = new Set(['combined', 'bracketed', 'between-nodes', 'zero']);

/** An accreditation stands in for what is not shown. */
export const BY_ACCREDITATION: ReadonlySet<ReasonCode> = new Set([
  'natural-in-scope',
  'no-reference-accredited',
  'unresolved-accredited',
  'paper-undescribed-accredited',
]);

/** Why a source is of no use: that none is left follows from it, and needs no words of its own. */
const USELESS: ReadonlySet<ReasonCode> = new Set([
  'source-failed',
  'source-missing',
  'unresolved',
  'source-without-uncertainty',
  'paper-undescribed',
  'reference-kind',
]);

const SAYS_NOTHING: ReadonlySet<ReasonCode> = new Set(['source-without-uncertainty', 'paper-undescribed']);

/** What a reader needs to know about a result: of what follows from one another the cause. */
export function reasonsIn(result: Result, found: ResultFinding): readonly Placed[] {
  const useless = found.reasons.filter(({ code }) => USELESS.has(code));
  const named = new Set(useless.filter(({ code }) => PASSED_ON.has(code)).map(({ source }) => source));
  const silent = new Set(useless.filter(({ code }) => SAYS_NOTHING.has(code)).map(({ source }) => source));
  const follows = ({ code, source }: Reason): boolean =>
    code === 'no-reference'
      ? useless.length > 0
      : code === 'source-without-uncertainty'
        ? named.has(source)
        : code === 'no-uncertainty-there' && silent.has(source);
  return [...found.reasons.map((reason) => ({ reason, row: undefined })), ...rowsIn(result, found)].filter(
    ({ reason }) => !follows(reason),
  );
}

/** Of rows the first that says it, for a table may have a thousand. */
function rowsIn(result: Result, { rows }: ResultFinding): readonly Placed[] {
  const first = new Map<string, Placed>();
  for (const [row, { counted, reasons }] of rows.entries()) {
    const isSilent = reasons.some(({ code }) => code === 'no-uncertainty-there');
    for (const reason of reasons) {
      const name = `${reason.code} ${String(reason.source)}`;
      if (!first.has(name) && !(isSilent && reason.code === 'not-computable')) {
        const placed = counted ? reason : leftOut(result, row, reason);
        first.set(name, first.get(name) ?? { reason: placed, row });
      }
    }
  }
  return [...first.values()].filter(({ reason }) => reason.outcome !== 'sound');
}

/** A row that is not counted makes nothing worse; where it states an uncertainty that cannot be used, people are told. */
function leftOut({ rows }: Result, row: number, reason: Reason): Reason {
  return { ...reason, outcome: rows[row]?.uncertainty ? 'note' : 'sound' };
}
