import { newStatement } from '../../client/index.js';
import type { Item } from '../../client/index.js';
import { all } from '../all.js';
import { CliError } from '../errors.js';
import type { Session } from '../session.js';
import { sign } from './sign.js';

/** The reports of a laboratory that name an amended report as a parent. */
export async function reportsToReview(session: Session, author: string, amendment: string): Promise<readonly string[]> {
  const reader = await session.reader();
  const { body } = await reader.getReport(amendment);
  const amended = body.supersedes?.report;
  if (amended === undefined) {
    throw new CliError('INPUT_INVALID', `Report ${amendment} amends no other: there is nothing to review.`);
  }
  const devices = await all(reader.affectedDevices({ kind: 'report', id: amendment }));
  const reports = await Promise.all(
    [...new Set(devices.flatMap((device) => device.reports))].map((id) => reader.getReport(id)),
  );
  return reports
    .filter(({ organisation, body: { parents } }) => {
      const names = parents.some((parent) => parent.kind === 'report' && parent.report === amended);
      return organisation === author && names;
    })
    .map(({ id }) => id);
}

/** A laboratory's word that its reports stand, though what they rest on was amended. */
export async function reviewItem(
  session: Session,
  author: string,
  amendment: string,
  reports: readonly string[],
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
    body: { digest, reports: reviewed },
  });
  return { statement: await sign(session, statement) };
}
