import type { Parent } from '@tracecal/core/model';
import { undefinedIfNotFound } from '../../client/index.js';
import type { Announced, Item, TraceCal } from '../../client/index.js';
import type { LeftOut } from '../../dcc/index.js';
import { deliver } from '../operations/deliver.js';
import { isAccepted } from '../operations/reports.js';
import type { Session } from '../session/session.js';
import { adoptChildren, awaitParents } from './adoptChildren.js';
import type { Candidate } from './candidate.js';
import type { ImportRole } from './importRole.js';
import { signCertificate } from './signCertificate.js';

export type { ImportRole } from './importRole.js';

/** A report that says what an item of a certificate says, as it is signed or was registered before. */
export interface ImportedReport {
  readonly file: string;
  readonly report: string;
  readonly device: string;
  readonly owner: string;
  readonly organisation: string;
  readonly technician: string;
  readonly parents: readonly Parent[];
  readonly results: number;
  /** Whether the owner has accepted it, by an officer whose key is here. */
  readonly accepted: boolean;
  /** The report that it amends. */
  readonly supersedes: string | null;
  /** What of the certificate the report does not hold. */
  readonly omitted: readonly LeftOut[];
  /** What was taken for granted, and what is missing with the command that mends it. */
  readonly notes: readonly string[];
  readonly certificateSha256: string;
}

/** What a certificate says of one of its items, signed to be registered. */
export interface SignedImport extends ImportedReport {
  /** The registration of its device if that is new, then the report; nothing if it is registered already. */
  readonly items: readonly Item[];
}

export interface Imported extends ImportedReport {
  /** The registration of its device, if that was new. */
  readonly deviceCommitted: Announced | null;
  /** Null: the same file was registered before. */
  readonly committed: Announced | null;
}

export interface NewlyImported extends Imported {
  readonly committed: Announced;
}

export function isNewlyImported(imported: Imported): imported is NewlyImported {
  return imported.committed !== null;
}

/** A device was registered, and then its report was refused, for the reason that is the cause. */
export class HalfImported extends Error {
  override readonly name = 'HalfImported';
  readonly device: string;

  constructor(device: string, cause: unknown) {
    super(`Device ${device} is registered, its report is not.`, { cause });
    this.device = device;
  }
}

/**
 * Makes a certificate file reports, one an item, and registers them, with their devices where those are new. What is registered
 * of the same file is left as it is.
 *
 * @param via - The member that submits; any if it is not given.
 * @throws TraceCalError if the registry refuses it, HalfImported if that was after a device; ApplicationError `KEYS_MISSING` or `INPUT_INVALID`
 */
export async function importCertificate(
  session: Session,
  candidate: Candidate,
  role: ImportRole,
  via?: string,
): Promise<readonly Imported[]> {
  const signed = await signCertificate(session, candidate, role);
  const imported: Imported[] = [];
  for (const each of signed) {
    imported.push(await register(session, each, via));
  }
  const fresh = imported.filter(isNewlyImported);
  for (const each of fresh) {
    await awaitParents(session, each);
  }
  const adopted = fresh.length === 0 ? [] : await adoptChildren(session, candidate, via);
  return imported.map((each) => (each === fresh[0] ? { ...each, notes: [...each.notes, ...adopted] } : each));
}

async function register(session: Session, { items, ...signed }: SignedImport, via?: string): Promise<Imported> {
  if (items.length === 0) {
    return { ...signed, deviceCommitted: null, committed: null };
  }
  const { committed } = await deliver(session, items, { ...(via !== undefined && { via }) }).catch(
    async (error: unknown) => {
      const isNew = items.length > 1;
      throw isNew && (await isThere(await session.reader(), signed.device))
        ? new HalfImported(signed.device, error)
        : error;
    },
  );
  const [last, before = null] = committed.toReversed();
  if (!last) {
    throw new Error('A report was delivered and no transaction committed.');
  }
  return { ...signed, accepted: isAccepted(last), deviceCommitted: before, committed: last };
}

async function isThere(reader: TraceCal, device: string): Promise<boolean> {
  // What went wrong before is told, not that nobody answers now.
  return (await undefinedIfNotFound(reader.getDevice(device)).catch(() => undefined)) !== undefined;
}
