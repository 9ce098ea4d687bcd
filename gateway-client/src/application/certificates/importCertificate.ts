import { undefinedIfNotFound } from '../../client/index.js';
import type { TraceCal } from '../../client/index.js';
import { deliver } from '../operations/deliver.js';
import { isAccepted } from '../operations/reports.js';
import type { Session } from '../session/session.js';
import { adoptChildren, awaitParents } from './adoptChildren.js';
import type { Candidate } from './candidate.js';
import type { Imported, NewlyImported, SignedImport } from './imported.js';
import type { ImportRole } from './importRole.js';
import { signCertificate } from './signCertificate.js';

export type { ImportRole } from './importRole.js';

export function isNewlyImported(imported: Imported): imported is NewlyImported {
  return imported.committed !== null;
}

/** A device was registered, but then its report was refused; `cause` has the reason. */
export class HalfImported extends Error {
  override readonly name = 'HalfImported';
  readonly device: string;

  constructor(device: string, cause: unknown) {
    super(`Device ${device} is registered, its report is not.`, { cause });
    this.device = device;
  }
}

/**
 * Registers a certificate file as reports, one for each item, and registers their devices if they are new. Reports already registered from
 * the same file are skipped.
 *
 * @param via - The member that submits; any if absent.
 * @throws TraceCalError if the registry refuses it; HalfImported if it refused the report after the device; ApplicationError `KEYS_MISSING`
 * or `INPUT_INVALID`
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
  // Report the first failure, even if the registry does not answer now.
  return (await undefinedIfNotFound(reader.getDevice(device)).catch(() => undefined)) !== undefined;
}
