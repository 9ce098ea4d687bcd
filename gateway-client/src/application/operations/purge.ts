import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';
import { registeredId } from './ids.js';

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
  const registered = await registeredIfThere(session, given);
  const own = registered === undefined ? undefined : await keptOf(session, registered);
  const named = await confidential.named(registered ?? given);
  const [report = given, ...others] = new Set([
    ...(registered === undefined ? [] : [registered]),
    ...named.map((each) => each.report),
  ]);
  if (others.length > 0) {
    throw new ApplicationError('USAGE', `${given} may be ${[report, ...others].join(' or ')}: give the whole id.`);
  }
  const digests = [...(own ? [own.digest] : []), ...named.map(({ digest }) => digest)];
  if (digests.length === 0) {
    // Says why the name leads to nothing.
    if (registered === undefined) await registeredId(session, 'report', given);
    throw notKept(report);
  }
  const quantities = [...(own?.quantities ?? []), ...named.flatMap(({ sealed }) => sealed.map(quantityOf))];
  return { report, quantities: [...new Set(quantities)].sort(), digests: [...new Set(digests)] };
}

/** The file of a registered report, whatever is in it: the report says which kinds it keeps confidential. */
async function keptOf(
  session: Session,
  report: string,
): Promise<{ readonly digest: string; readonly quantities: readonly string[] } | undefined> {
  const { digest, body } = await (await session.reader()).getReport(report);
  if (!(await session.confidential.isKept(digest))) return undefined;
  return { digest, quantities: body.results.filter(({ sealed }) => sealed === true).map(quantityOf) };
}

function quantityOf({ quantity }: { readonly quantity: string }): string {
  return quantity;
}

function notKept(report: string): ApplicationError {
  return new ApplicationError(
    'INPUT_INVALID',
    `The confidential results of report ${report} are not in this data directory: they are where the report was issued, or were purged.`,
  );
}

async function registeredIfThere(session: Session, given: string): Promise<string | undefined> {
  try {
    return await registeredId(session, 'report', given);
  } catch (error) {
    if (error instanceof ApplicationError && error.code === 'NOT_REGISTERED') return undefined;
    throw error;
  }
}
