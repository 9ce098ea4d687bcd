import type { ReportSummary } from '@tracecal/core/contracts';
import type { ReportBody } from '@tracecal/core/model';
import { referenceTo, statementDigest, TraceCalError } from '../../client/index.js';
import type { Announced, Item, ReportReference, TraceCalErrorCode, UnsignedReport } from '../../client/index.js';
import { all } from '../all.js';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';
import { requireEmployer } from './actor.js';
import { encryptFor } from './bodies.js';
import type { Readership } from './bodies.js';
import { acceptanceIfHere } from './decisions.js';
import { deliver } from './deliver.js';
import type { Delivery } from './deliver.js';
import { sign } from './sign.js';

export interface Issuing extends Delivery {
  /** Leaves it to the owner to accept the report later, even if an officer's key is here. */
  readonly unaccepted?: boolean;
  /** To whom its confidential results are encrypted. */
  readonly readership?: Readership;
}

export interface IssuedReport {
  /** Null if it was only signed. */
  readonly committed: Announced | null;
  /** How its children name it. */
  readonly reference: ReportReference;
  /** Whether its device's owner relies on it already. */
  readonly accepted: boolean;
  /** Why it was not accepted, although it could be. */
  readonly notes: readonly string[];
  readonly missing: readonly string[];
}

/** A signed report, and why the owner's acceptance was not signed, although it could be. */
export interface SignedReport {
  readonly item: Item;
  readonly notes: readonly string[];
}

/**
 * Signs a report with the keys that are here: the technician's and the parent devices'. Also signs the owner's acceptance if possible,
 * unless a later calibration is accepted, because the last accepted one is current. `newOwner` is the owner of a device that is registered
 * just before.
 */
export async function reportItem(
  session: Session,
  { statement, results, sealed }: UnsignedReport,
  {
    unaccepted = false,
    newOwner,
    readership,
    original,
  }: Pick<Issuing, 'readership' | 'unaccepted'> & {
    readonly newOwner?: string;
    /** SHA-256 of the certificate file that a confidential report was imported from. */
    readonly original?: string;
  },
): Promise<SignedReport> {
  const { body, subject } = statement;
  requireEmployer(session, body.technician);
  const jws = await sign(session, statement);
  const later = unaccepted || newOwner !== undefined ? undefined : await laterAccepted(session, body);
  const acceptance = unaccepted || later ? undefined : await acceptanceIfHere(session, jws, newOwner);
  if (sealed) {
    // Before anybody has the report: what it seals must not get lost.
    const about = { registry: statement.registry, report: subject.id, digest: statementDigest(jws) };
    const kept = { ...about, sealed, ...(original !== undefined && { original }) };
    await session.confidential.put(kept);
    await (readership && orForgotten(session, { statement: jws }, () => encryptFor(session, kept, readership)));
  }
  return {
    item: { statement: jws, results, ...(acceptance && { acceptance }) },
    notes: later ? [laterNote(subject.id, later)] : [],
  };
}

/** An accepted report of a later calibration of the device for one of the same kinds: accepting the older one would replace it. */
async function laterAccepted(
  session: Session,
  { device, performed, results }: ReportBody,
): Promise<ReportSummary | undefined> {
  const kinds = new Set(results.map(({ quantity }) => quantity));
  const reports = await all((await session.reader()).listReports(device));
  return reports.find(
    (each) =>
      each.accepted === true &&
      each.supersededBy === null &&
      each.impediments.length === 0 &&
      each.performed.end > performed.end &&
      each.quantities.some((quantity) => kinds.has(quantity)),
  );
}

function laterNote(report: string, { id, performed: { end } }: ReportSummary): string {
  return `Report ${id} of a later calibration (${end}) is accepted, and this one would take its place: it is not accepted. If it is to count instead: tracecal report accept ${report}`;
}

/** Issues or amends a report. */
export async function issueReport(
  session: Session,
  report: UnsignedReport,
  { unaccepted = false, readership, ...delivery }: Issuing = {},
): Promise<IssuedReport> {
  const { item, notes } = await reportItem(session, report, { unaccepted, ...(readership && { readership }) });
  const { committed, missing } = await orForgotten(session, item, () => deliver(session, [item], delivery));
  const [transaction = null] = committed;
  return {
    committed: transaction,
    reference: referenceTo(item.statement),
    accepted: transaction === null ? item.acceptance !== undefined : isAccepted(transaction),
    notes,
    missing,
  };
}

/**
 * Confidential results are kept before anybody has their report. Where it is refused for certain, nothing will ever need them: salts are random, so
 * that a second attempt makes another report.
 */
export async function orForgotten<T>(
  { confidential, bodies }: Pick<Session, 'confidential' | 'bodies'>,
  { statement }: Pick<Item, 'statement'>,
  submit: () => Promise<T>,
): Promise<T> {
  try {
    return await submit();
  } catch (error) {
    const isRefused = error instanceof ApplicationError || (error instanceof TraceCalError && !isUnsettled(error));
    if (isRefused) {
      await bodies.remove(statementDigest(statement));
      await confidential.remove(statementDigest(statement));
    }
    throw error;
  }
}

/** The registry may hold the report all the same, or still get it. */
function isUnsettled({ code }: TraceCalError): boolean {
  return UNSETTLED.includes(code);
}

const UNSETTLED: readonly TraceCalErrorCode[] = [
  'ANSWER_INVALID',
  'CANCELLED',
  'CLIENT_CLOSED',
  'NETWORK_FAILED',
  'OUTCOME_UNKNOWN',
  'TIMED_OUT',
  'UNAVAILABLE',
];

/** Whether the owner relies on a report that was just registered: by an acceptance submitted with it, or a standing consent. */
export function isAccepted({ result }: Announced): boolean {
  return result.items[0]?.accepted === true;
}
