import type { Entry, OwnerEntry } from '../model/index.js';
import type { RecordSource } from '../trace/index.js';
import type { Key } from './key.js';
import { keys } from './keys.js';

/** Reads one record of a registry; undefined for a record that does not exist. */
export type ReadRecord = <T>(key: Key) => Promise<T | undefined>;

const NONE: readonly [] = Object.freeze([] as []);

/** The records of traces, wherever the registry's state is: on a peer, or in a copy of it. */
export function recordsIn(channel: string, read: ReadRecord): Omit<RecordSource, 'drawn'> {
  const list = async <T>(key: Key): Promise<readonly T[]> => (await read<readonly T[]>(key)) ?? NONE;
  return {
    channel,
    founding: () => read(keys.registry()),
    organisation: (id) => read(keys.organisation(id)),
    person: (id) => read(keys.person(id)),
    device: (id) => read(keys.device(id)),
    report: (id) => read(keys.report(id)),
    results: (report, quantity) => read(keys.results(report, quantity)),
    settled: (device, report) => list<OwnerEntry>(keys.settled(device, report)),
    consents: (owner, laboratory) => list<Entry>(keys.consents(owner, laboratory)),
    reviews: (amendment, laboratory) => list<Entry>(keys.reviews(amendment, laboratory)),
    confirmations: (report) => list<Entry>(keys.confirmations(report)),
    vouchings: (report) => list<Entry>(keys.vouchings(report)),
    heartbeat: (institute) => read(keys.heartbeat(institute)),
  };
}
