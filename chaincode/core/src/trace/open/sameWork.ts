import { registrantOf } from '../../model/index.js';
import type { ReportBody, StatementOf } from '../../model/index.js';
import type { RecordSource } from '../source.js';
import type { Decision } from './ownership.js';
import { readable } from './statement.js';

/**
 * Another report of the same work that names standards on the ledger which this one leaves out: of the same laboratory and device,
 * with days and kinds of quantity in common. An accreditation stands for standards that nobody can see, and never for those that have
 * been shown: else a revoked one would be hidden by importing the certificate once more.
 *
 * @param laboratory Who calibrated; null: no member.
 * @param decisions What owners of the device have said about its reports.
 */
export async function fullerReportOf(
  { author, subject, body }: StatementOf<'report'>,
  laboratory: string | null,
  decisions: readonly Decision[],
  source: Pick<RecordSource, 'report'>,
  registry: string,
): Promise<string | undefined> {
  if (!body.certificate || !body.accredited) {
    return undefined;
  }
  const decided = decisions.filter(({ performed, accepts }) => !accepts || performed >= body.performed.begin);
  const amended = body.supersedes === null ? [] : [body.supersedes.report];
  const others = new Set([...amended, ...decided.map(({ report }) => report)]);
  for (const id of others) {
    const isTheirs = id !== subject.id && [author, laboratory].includes(registrantOf(id));
    const record = isTheirs ? await source.report(id) : undefined;
    const [word] = record ? readable([record.statement], registry, 'report') : [];
    if (word && isOfSameWork(word.statement.body, body) && namesMore(word.statement.body, body)) {
      return id;
    }
  }
  return undefined;
}

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
