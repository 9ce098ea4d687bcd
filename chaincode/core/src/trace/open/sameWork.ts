import { registrantOf } from '../../model/index.js';
import type { ReportBody, ReportRecord, StatementOf } from '../../model/index.js';
import type { RecordSource } from '../source.js';
import { answerableFor } from './laboratory.js';
import type { Decision } from './ownership.js';
import { readable } from './statement.js';

type Report = StatementOf<'report'>;

/**
 * Another report of the same work that names standards on the ledger which this one omits. An accreditation may replace standards that
 * are not shown, but never standards that were shown before: otherwise importing the certificate again would hide a revoked standard.
 * The other report is one that owners of the device have decided about, even if the device's record no longer contains the decision.
 *
 * @param decisions The decisions in the device's record.
 */
export async function fullerReportOf(
  own: Report,
  { fuller }: ReportRecord,
  decisions: readonly Decision[],
  source: Pick<RecordSource, 'report'>,
  registry: string,
): Promise<string | undefined> {
  const { performed: days, supersedes } = own.body;
  if (!claimsAccreditation(own)) {
    return undefined;
  }
  const decided = decisions.filter(({ performed, accepts }) => !accepts || performed >= days.begin);
  const amended = supersedes === null ? [] : [supersedes.report];
  const others = new Set([...amended, ...decided.map(({ report }) => report), ...(fuller ? [fuller.report] : [])]);
  for (const id of others) {
    const record = isOfTheirs(id, own) ? await source.report(id) : undefined;
    const [word] = record ? readable([record.statement], registry, 'report') : [];
    if (word?.statement.subject.id === id && isFuller(word.statement, own)) {
      return id;
    }
  }
  return undefined;
}

/** Whether the report relies on its laboratory's accreditation in place of standards that it does not name. */
export function claimsAccreditation({ body }: Report): boolean {
  return body.certificate !== undefined && body.accredited !== undefined;
}

/** Whether a report is of the same laboratory, device and work as one that claims an accreditation, and names more standards. */
export function isFuller(other: Report, claiming: Report): boolean {
  return (
    isOfTheirs(other.subject.id, claiming) &&
    isOfSameWork(other.body, claiming.body) &&
    namesMore(other.body, claiming.body)
  );
}

function isOfTheirs(other: string, claiming: Report): boolean {
  return other !== claiming.subject.id && answerableFor(claiming).includes(registrantOf(other));
}

/** The two have days and kinds of quantity in common. */
function isOfSameWork(one: ReportBody, other: ReportBody): boolean {
  return (
    one.device === other.device &&
    one.performed.begin <= other.performed.end &&
    other.performed.begin <= one.performed.end &&
    one.results.some(({ quantity }) => other.results.some((each) => each.quantity === quantity))
  );
}

function namesMore(one: ReportBody, other: ReportBody): boolean {
  const named = new Set(standardsOf(other));
  return standardsOf(one).some((device) => !named.has(device));
}

function standardsOf({ parents }: ReportBody): readonly string[] {
  return parents.flatMap((parent) => (parent.kind === 'report' ? [parent.device] : []));
}
