import type { DeviceSummary } from '@tracecal/core/contracts';
import type { TraceCal } from '../../client/index.js';
import { all } from '../all.js';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';
import { together } from '../together.js';

/**
 * Owners of a query: the named one, the one that the user acts as, or all whose keys are here.
 *
 * @throws TraceCalError `NOT_FOUND` if the named one is not registered: the query would always be empty
 */
export async function ownersOf(session: Session, named: string | undefined): Promise<readonly string[]> {
  const one = named ?? session.actor;
  if (one !== undefined) {
    await (await session.reader()).getOrganisation(one);
    return [one];
  }
  const owners = await session.keys.ids('organisation');
  if (owners.length === 0) {
    throw new ApplicationError('USAGE', 'No key of an organisation is here: name an owner with --owner.');
  }
  return [...owners].sort();
}

/** Their devices, by owner and id. */
export async function ownedDevices(
  reader: Pick<TraceCal, 'findDevices'>,
  owners: readonly string[],
): Promise<readonly DeviceSummary[]> {
  return (await together(owners, (owner) => all(reader.findDevices({ owner })))).flat();
}
