import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';
import { registeredId } from '../operations/ids.js';

/** Confidential results of a report that are kept here, and are to be deleted. */
export interface Purgeable {
  readonly report: string;
  /** The kinds of quantity, sorted. */
  readonly quantities: readonly string[];
  /** Digests of the files: of the report, and of attempts to issue it that came to nothing. */
  readonly digests: readonly string[];
}

/**
 * What `report purge` deletes. The file of a registered report is found by its digest, so that a damaged one goes too; others by the name of the
 * report in them, also if no such report was ever registered.
 *
 * @throws ApplicationError `INPUT_INVALID` if nothing is kept here, `NOT_REGISTERED`
 */
export async function purgeable(session: Session, given: string): Promise<Purgeable> {
  const { confidential } = session;
  const report = await registeredIfThere(session, given);
  const answer = report === undefined ? undefined : await (await session.reader()).getReport(report);
  const own = answer && (await confidential.isKept(answer.digest)) ? answer : undefined;
  const named = await confidential.named(report ?? given);
  const sealed = own?.body.results.filter((each) => each.sealed === true).map(({ quantity }) => quantity) ?? [];
  const quantities = [...sealed, ...named.flatMap((each) => each.sealed.map(({ quantity }) => quantity))];
  const reports = [...new Set(named.map((each) => each.report))];
  if (reports.length > 1) {
    throw new ApplicationError('USAGE', `${given} may be ${reports.join(' or ')}: give the whole id.`);
  }
  const digests = [...(own ? [own.digest] : []), ...named.map(({ digest }) => digest)];
  if (digests.length === 0) {
    // Says why the name leads to nothing.
    if (report === undefined) await registeredId(session, 'report', given);
    throw new ApplicationError(
      'INPUT_INVALID',
      `The confidential results of report ${report ?? given} are not in this data directory: they are where the report was issued, or were purged.`,
    );
  }
  return {
    report: report ?? reports[0] ?? given,
    quantities: [...new Set(quantities)].sort(),
    digests: [...new Set(digests)],
  };
}

async function registeredIfThere(session: Session, given: string): Promise<string | undefined> {
  try {
    return await registeredId(session, 'report', given);
  } catch (error) {
    if (error instanceof ApplicationError && error.code === 'NOT_REGISTERED') return undefined;
    throw error;
  }
}
