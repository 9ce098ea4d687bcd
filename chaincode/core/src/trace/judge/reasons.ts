import type { Result } from '../../model/index.js';
import type { Reason, ReasonCode, ResultFinding } from '../support/index.js';

/** A reason, and the row that it is about; undefined: about the result as a whole. */
export interface Placed {
  readonly reason: Reason;
  readonly row: number | undefined;
}

/** Reasons about the status of a source, which the source's own findings explain better. */
export const PASSED_ON: ReadonlySet<ReasonCode> = new Set([
  'source-failed',
  'source-missing',
  'source-attested',
  'unresolved',
]);
/** Reasons that hold for most results and that a reader cannot act on. */
export const SILENT: ReadonlySet<ReasonCode> = new Set(['combined', 'bracketed', 'between-nodes', 'zero']);

/** Reasons about an accreditation in place of standards that are not shown. */
export const BY_ACCREDITATION: ReadonlySet<ReasonCode> = new Set([
  'natural-in-scope',
  'no-reference-accredited',
  'unresolved-accredited',
  'paper-undescribed-accredited',
]);

/** Reasons why a source is of no use: they explain why none is left, so that needs no reason of its own. */
const USELESS: ReadonlySet<ReasonCode> = new Set([
  'source-failed',
  'source-missing',
  'unresolved',
  'source-without-uncertainty',
  'paper-undescribed',
  'reference-kind',
]);

const SAYS_NOTHING: ReadonlySet<ReasonCode> = new Set(['source-without-uncertainty', 'paper-undescribed']);

/** The reasons that a reader needs: the causes, without their consequences. */
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

/** For equal reasons of several rows, the first row only: a table may have a thousand rows. */
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

/** A row that does not count does not make the status worse. If its uncertainty cannot be used, a note says so. */
function leftOut({ rows }: Result, row: number, reason: Reason): Reason {
  return { ...reason, outcome: rows[row]?.uncertainty ? 'note' : 'sound' };
}
