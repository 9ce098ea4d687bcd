import { existsSync } from 'node:fs';
import { TraceCalError } from '@tracecal/gateway-client';
import { ApplicationError, CalibrationKeys, Session } from '@tracecal/gateway-client/application';
import { connectionProfileFile } from '@tracecal/network/pki';
import { readConsortium } from '@tracecal/network/topology';
import type { DataDirectory } from './data/dataDirectory.js';
import { findRunning } from './network/runningNetwork.js';

/**
 * A session with the network of a data directory.
 *
 * @throws ApplicationError `NETWORK_DOWN` if no network was ever started or described there
 */
export function openSession(data: DataDirectory, actor?: string, keys = new CalibrationKeys(data.keys)): Session {
  if (!existsSync(data.consortiumFile) || !existsSync(data.crypto)) {
    throw notReachable(data, 'your organisation');
  }
  const consortium = readConsortium(data.consortiumFile);
  const domains = new Map(consortium.organisations.map(({ id, domain }) => [id, domain]));
  const profileOf = ({ id }: { readonly id: string }): string | undefined => {
    const profile = connectionProfileFile(data.crypto, { id, domain: domains.get(id) ?? '' });
    return existsSync(profile) ? profile : undefined;
  };
  const { content, foundingFile } = data;
  const place = { consortium, keys, content, foundingFile, profileOf };
  return new Session({ ...place, notReachable: (organisation) => notReachable(data, organisation) }, actor);
}

/** Opens a session, does something with it, and closes it. A network that does not answer is one that is not running. */
export async function withSession<T>(
  { data, as }: { readonly data: DataDirectory; readonly as: string | undefined },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = openSession(data, as);
  try {
    return await work(session);
  } catch (error) {
    const isDown = error instanceof TraceCalError && error.code === 'UNAVAILABLE' && !findRunning(data);
    throw isDown ? new ApplicationError('NETWORK_DOWN', undefined, { cause: error }) : error;
  } finally {
    await session.close();
  }
}

/** What is missing to reach a network, for those who never ran it here. */
function notReachable({ root }: DataDirectory, whose: string): ApplicationError {
  return new ApplicationError(
    'NETWORK_DOWN',
    `To reach one that runs elsewhere, put its consortium.yaml into ${root}, and what its operator gives ${whose} into crypto-config below it: the identity and its connection-….json.`,
  );
}
