import { referenceTo } from '../../client/index.js';
import type { Announced, Item, ReportReference, UnsignedReport } from '../../client/index.js';
import type { Session } from '../session.js';
import { requireEmployer } from './actor.js';
import { acceptanceIfHere } from './decisions.js';
import { deliver } from './deliver.js';
import type { Delivery } from './deliver.js';
import { sign } from './sign.js';

export interface Issuing extends Delivery {
  /** Leaves it to the owner to accept the report later, even if an officer's key is here. */
  readonly unaccepted?: boolean;
}

export interface IssuedReport {
  /** Null if it was only signed. */
  readonly committed: Announced | null;
  /** How its children name it. */
  readonly reference: ReportReference;
  /** Whether its device's owner relies on it already. */
  readonly accepted: boolean;
  readonly missing: readonly string[];
}

/**
 * Signs a report with the keys that are here, the technician's and the parent devices', and with the owner's acceptance where
 * that can be signed here, too. `newOwner` is that of a device that is to be registered just before.
 */
export async function reportItem(
  session: Session,
  { statement, results }: UnsignedReport,
  { unaccepted = false, newOwner }: Pick<Issuing, 'unaccepted'> & { readonly newOwner?: string },
): Promise<Item> {
  requireEmployer(session, statement.body.technician);
  const jws = await sign(session, statement);
  const acceptance = unaccepted ? undefined : await acceptanceIfHere(session, jws, newOwner);
  return { statement: jws, results, ...(acceptance && { acceptance }) };
}

/** Issues or amends a report. */
export async function issueReport(
  session: Session,
  report: UnsignedReport,
  { unaccepted = false, ...delivery }: Issuing = {},
): Promise<IssuedReport> {
  const item = await reportItem(session, report, { unaccepted });
  const { committed, missing } = await deliver(session, [item], delivery);
  const [transaction = null] = committed;
  return {
    committed: transaction,
    reference: referenceTo(item.statement),
    accepted: transaction === null ? item.acceptance !== undefined : isAccepted(transaction),
    missing,
  };
}

/** Whether the owner relies on a report that was just registered: by an acceptance beside it, or a standing consent. */
export function isAccepted({ result }: Announced): boolean {
  return result.items[0]?.accepted === true;
}
