import type { ReportAnswer } from '@tracecal/core/contracts';
import type { ReportBody, Subject } from '@tracecal/core/model';
import { newStatement } from '../../client/index.js';
import type { Item, TraceCal } from '../../client/index.js';
import { all } from '../all.js';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';
import { together } from '../together.js';
import { sign } from './sign.js';

/** A report that its laboratory must review, and why. */
export interface ToReview {
  readonly report: string;
  readonly by: string;
  readonly reason: string;
}

export type ReviewReader = Pick<TraceCal, 'affectedDevices' | 'getDoubts' | 'getReport'>;

/**
 * The reports that a report calls in question and that nobody has reviewed since. The registry decides about each of them, by the rule of
 * its traces; this function only finds the candidates.
 */
export async function reportsToReview(reader: ReviewReader, cause: string): Promise<readonly ToReview[]> {
  const { body } = await reader.getReport(cause);
  const found = await together(await madeWith(reader, cause, body), async ({ id, organisation }) => {
    const doubts = await reader.getDoubts(id);
    const doubt = doubts.find((each) => each.cause === cause && !each.isReviewed);
    return doubt ? [{ report: id, by: organisation, reason: doubt.reason }] : [];
  });
  return found.flat();
}

/**
 * The reports of a laboratory among these.
 *
 * @throws ApplicationError `INPUT_INVALID` if there are none
 */
export async function ownReportsToReview(
  reader: ReviewReader,
  author: string,
  cause: string,
): Promise<readonly string[]> {
  const reports = await reportsToReview(reader, cause);
  const own = reports.filter(({ by }) => by === author).map(({ report }) => report);
  if (own.length > 0) {
    return own;
  }
  const others = [...new Set(reports.map(({ by }) => by))].sort();
  const { supersededBy } = (await reader.getReport(cause)).record;
  throw new ApplicationError(
    'INPUT_INVALID',
    others.length > 0
      ? `Report ${cause} calls no report of ${author} in question that is not reviewed yet; it does of ${others.join(', ')}.`
      : `Report ${cause} calls no report in question that is not reviewed yet: there is nothing to review.${
          supersededBy === null ? '' : ` It was amended by ${supersededBy}: ask about that one.`
        }`,
  );
}

/** Accepted reports that were made with the device of a report that may call others in question. */
async function madeWith(reader: ReviewReader, id: string, body: ReportBody): Promise<readonly ReportAnswer[]> {
  const subjects: Subject<'report' | 'device'>[] = [
    ...(body.supersedes ? [{ kind: 'report', id } as const] : []),
    ...(body.results.some(({ foundOutOfLimits }) => foundOutOfLimits)
      ? [{ kind: 'device', id: body.device } as const]
      : []),
  ];
  const devices = (await together(subjects, (subject) => all(reader.affectedDevices(subject)))).flat();
  const ids = [...new Set(devices.flatMap(({ reports }) => reports))].sort();
  const reports = await together(ids, (report) => reader.getReport(report));
  return reports.filter(({ body: { parents } }) =>
    parents.some((parent) => parent.kind === 'report' && parent.device === body.device),
  );
}

/** A laboratory's statement that its reports stand, although something they depend on was called in question. */
export async function reviewItem(
  session: Session,
  author: string,
  amendment: string,
  reports: readonly string[],
  reason?: string,
): Promise<Item> {
  const reader = await session.reader();
  const subject = { kind: 'report', id: amendment } as const;
  const { digest } = await reader.getReport(amendment);
  const reviewed = await Promise.all(
    reports.map(async (report) => ({ report, digest: (await reader.getReport(report)).digest })),
  );
  const statement = newStatement('review', {
    registry: await session.registry(),
    author,
    subject,
    number: await reader.nextNumber(author, subject),
    body: { digest, reports: reviewed, ...(reason !== undefined && { reason }) },
  });
  return { statement: await sign(session, statement) };
}
