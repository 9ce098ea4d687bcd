import type { RecordSource } from '@tracecal/core/trace';
import type { RegistryReader } from './registryReader.js';
import { undefinedIfNotFound } from './undefinedIfNotFound.js';

/** The queries by which records are read one by one. */
export type RecordQueries = Pick<
  RegistryReader,
  | 'getRegistry'
  | 'getOrganisation'
  | 'getTechnician'
  | 'getDevice'
  | 'getReport'
  | 'getConsents'
  | 'getReviews'
  | 'getConfirmations'
  | 'getHeartbeat'
>;

/**
 * The registry's records as peers answer them, one query a record: for what is checked here and needs few of them. A trace is better asked
 * as a whole.
 *
 * @param channel The registry's channel.
 */
export function registrySource(reader: RecordQueries, channel: string): RecordSource {
  const recordOf = async <T>(asked: Promise<{ readonly record: T }>): Promise<T | undefined> =>
    (await undefinedIfNotFound(asked))?.record;
  return {
    channel,
    founding: () => recordOf(reader.getRegistry()),
    organisation: (id) => recordOf(reader.getOrganisation(id)),
    person: (id) => recordOf(reader.getTechnician(id)),
    device: (id) => recordOf(reader.getDevice(id)),
    report: (id) => recordOf(reader.getReport(id)),
    results: async (id, quantity) =>
      (await undefinedIfNotFound(reader.getReport(id)))?.results.filter((result) => result.quantity === quantity),
    settled: async (_, id) => (await undefinedIfNotFound(reader.getReport(id)))?.settled ?? [],
    consents: (owner, laboratory) => reader.getConsents(owner, laboratory),
    reviews: (amendment, laboratory) => reader.getReviews(amendment, laboratory),
    confirmations: (report) => reader.getConfirmations(report),
    heartbeat: async (institute) => (await reader.getHeartbeat(institute)) ?? undefined,
  };
}
