import { existsSync, statSync } from 'node:fs';
import { readProfileFile, TimeBudget, TraceCalError } from '@tracecal/gateway-client';
import { ApplicationError, CalibrationKeys, profileConsortium, Session } from '@tracecal/gateway-client/application';
import type { Consortium, Patience, Workplace } from '@tracecal/gateway-client/application';
import { connectionProfileFile } from '@tracecal/network/pki';
import { readConsortium } from '@tracecal/network/topology';
import type { DataDirectory } from './data/dataDirectory.js';
import { noIdentity, notReachable, remedyHere, unreachable } from './network/networkDown.js';
import { findRunning } from './network/runningNetwork.js';

/** Where a command works, and as whom. */
export interface Place {
  readonly data: DataDirectory;
  /** The organisation that acts, if the user chose one. */
  readonly as: string | undefined;
  /** The connection profile that takes the place of a network in the data directory. */
  readonly profile: string | undefined;
  /** For all questions together, and anew after each transaction. */
  readonly timeoutMs: number;
}

/**
 * A session with the network of a data directory.
 *
 * @throws ApplicationError `NETWORK_DOWN` if no network was ever started or described there; later, `KEYS_MISSING` for an organisation
 *   whose identity is not there
 */
export function openSession(
  data: DataDirectory,
  { as, keys = new CalibrationKeys(data.keys), patience = {} }: SessionOptions = {},
): Session {
  if (!existsSync(data.consortiumFile) || !existsSync(data.crypto)) {
    throw notReachable(data, 'your organisation');
  }
  const consortium = readConsortium(data.consortiumFile);
  const domains = new Map(consortium.organisations.map(({ id, domain }) => [id, domain]));
  const profileOf = ({ id }: { readonly id: string }): string | undefined => {
    const profile = connectionProfileFile(data.crypto, { id, domain: domains.get(id) ?? '' });
    return existsSync(profile) ? profile : undefined;
  };
  const here = consortium.organisations.filter((member) => profileOf(member) !== undefined).map(({ id }) => id);
  const absent = (organisation: string) =>
    here.length > 0 ? noIdentity(data, organisation, here) : notReachable(data, organisation);
  return new Session({ ...workplace(data, consortium, keys), profileOf, notReachable: absent, patience }, as);
}

/** A network that has just been started is slow at first, on a busy machine the more so. */
export const WHILE_STARTING: Patience = { timeoutMs: 60_000 };

interface SessionOptions {
  readonly as?: string | undefined;
  readonly keys?: CalibrationKeys;
  readonly patience?: Patience;
}

/** A connection profile as the user named it, with what the SDK takes as one. */
export interface GivenProfile {
  readonly profile: string;
  readonly content: string | object;
}

/** What the SDK takes as a connection profile: the path of a file; of a pipe or stdin, which can be read only once, the content. */
export function profileContent(profile: string): Promise<string | object> {
  return isFile(profile) ? Promise.resolve(profile) : readProfileFile(profile);
}

/** A session with whatever network a connection profile leads to, as its organisation. */
export async function openByProfile(
  data: DataDirectory,
  { profile, content }: GivenProfile,
  { as, patience = {} }: Pick<SessionOptions, 'as' | 'patience'>,
): Promise<Session> {
  const consortium = await profileConsortium(content);
  const [own] = consortium.organisations.map(({ id }) => id);
  if (as !== undefined && as !== own) {
    throw new ApplicationError('USAGE', `${profile} is the profile of ${own ?? ''}: you cannot act as ${as} with it.`);
  }
  const keys = new CalibrationKeys(data.keys);
  const profileOf = () => content;
  return new Session({ ...workplace(data, consortium, keys), profileOf, patience }, as);
}

function workplace(data: DataDirectory, consortium: Consortium, keys: CalibrationKeys): Omit<Workplace, 'profileOf'> {
  const { content, foundingFile } = data;
  return { consortium, keys, content, foundingFile, notReachable: (organisation) => notReachable(data, organisation) };
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** What the time of a command is for: `each` question where their number has no bound, or a person is asked between them. */
export type TimeFor = 'all' | 'each';

/** Opens a session, does something with it, and closes it. */
export async function withSession<T>(
  { data, as, profile, timeoutMs }: Place,
  work: (session: Session) => Promise<T>,
  timeFor: TimeFor = 'all',
): Promise<T> {
  const patience = timeFor === 'each' ? { timeoutMs } : { budget: new TimeBudget(timeoutMs) };
  const options = { as, patience };
  const session =
    profile === undefined
      ? openSession(data, options)
      : await openByProfile(data, { profile, content: await profileContent(profile) }, options);
  try {
    return await work(session);
  } catch (error) {
    const isDown = error instanceof TraceCalError && error.code === 'UNAVAILABLE' && error.address !== undefined;
    throw isDown ? unreachable(error, await remedyOf(data, profile)) : error;
  } finally {
    await session.close();
  }
}

async function remedyOf(data: DataDirectory, profile: string | undefined): Promise<string> {
  if (profile !== undefined) {
    return `Check the address in ${profile}, and that the network runs.`;
  }
  return remedyHere(data, (await findRunning(data).catch(() => undefined)) !== undefined);
}
