import type { Subject } from '@tracecal/chaincode/model';
import type { ReportAnswer } from '@tracecal/chaincode/registry';
import { newStatement } from '../../client/index.js';
import type { Item } from '../../client/index.js';
import { all } from '../all.js';
import { CliError } from '../errors.js';
import type { Session } from '../session.js';
import { together } from '../together.js';
import { sign } from './sign.js';

/**
 * The reports that a report calls in question: those that name the one that it amends as a parent, and those that were made with its
 * device since the calibration before, if it found that out of its limits.
 */
export async function reportsInQuestion(session: Session, id: string): Promise<readonly ReportAnswer[]> {
  const reader = await session.reader();
  const cause = await reader.getReport(id);
  const { supersedes, results } = cause.body;
  const isOut = results.some(({ foundOutOfLimits }) => foundOutOfLimits);
  const onAmended = supersedes ? await namingParents(session, { kind: 'report', id }, [supersedes.report]) : [];
  return [...onAmended, ...(isOut ? await madeBefore(session, cause) : [])];
}

/** The reports of a laboratory among these. */
export async function reportsToReview(session: Session, author: string, cause: string): Promise<readonly string[]> {
  const reports = await reportsInQuestion(session, cause);
  if (reports.length === 0) {
    throw new CliError('INPUT_INVALID', `Report ${cause} calls no report in question: there is nothing to review.`);
  }
  return [...new Set(reports.filter(({ organisation }) => organisation === author).map(({ id }) => id))];
}

/** What was made with a device until a calibration, since the one before. */
async function madeBefore(session: Session, { id, body }: ReportAnswer): Promise<readonly ReportAnswer[]> {
  const reader = await session.reader();
  const earlier = (await all(reader.listReports(body.device))).filter(
    (each) => each.id !== id && each.performed.end < body.performed.end,
  );
  const last =
    earlier
      .map(({ performed }) => performed.end)
      .sort()
      .at(-1) ?? '';
  const made = await namingParents(
    session,
    { kind: 'device', id: body.device },
    earlier.map((each) => each.id),
  );
  return made.filter(({ body: { performed } }) => performed.end >= last && performed.end <= body.performed.end);
}

/** The accepted reports of devices below something that name one of these reports as a parent. */
async function namingParents(
  session: Session,
  subject: Subject<'report' | 'device'>,
  parents: readonly string[],
): Promise<readonly ReportAnswer[]> {
  const reader = await session.reader();
  const devices = await all(reader.affectedDevices(subject));
  const ids = [...new Set(devices.flatMap((device) => device.reports))];
  const reports = await together(ids, (id) => reader.getReport(id));
  return reports.filter(({ body }) =>
    body.parents.some((parent) => parent.kind === 'report' && parents.includes(parent.report)),
  );
}

/** A laboratory's word that its reports stand, though something that they rest on was called in question. */
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
