import type { ReportAnswer } from '@tracecal/core/contracts';
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
  | 'getVouchings'
  | 'getHeartbeat'
>;

/**
 * The registry's records as peers answer them, one query a record: for what is checked here and needs few of them. Who follows one device
 * asks for its evidence.
 *
 * @param channel The registry's channel.
 */
export function registrySource(reader: RecordQueries, channel: string): RecordSource {
  const recordOf = async <T>(asked: Promise<{ readonly record: T }>): Promise<T | undefined> =>
    (await undefinedIfNotFound(asked))?.record;
  // A report's answer holds its results, which are asked for one by one.
  const reports = new Map<string, Promise<ReportAnswer | undefined>>();
  const reportOf = (id: string) => {
    const known = reports.get(id) ?? undefinedIfNotFound(reader.getReport(id));
    reports.set(id, known);
    return known;
  };
  return {
    channel,
    founding: () => recordOf(reader.getRegistry()),
    organisation: (id) => recordOf(reader.getOrganisation(id)),
    person: (id) => recordOf(reader.getTechnician(id)),
    device: (id) => recordOf(reader.getDevice(id)),
    report: async (id) => (await reportOf(id))?.record,
    async results(id, quantity) {
      const own = (await reportOf(id))?.results.filter((result) => result.quantity === quantity) ?? [];
      return own.length > 0 ? own : undefined;
    },
    settled: async (_, id) => (await reportOf(id))?.settled ?? [],
    consents: (owner, laboratory) => reader.getConsents(owner, laboratory),
    reviews: (amendment, laboratory) => reader.getReviews(amendment, laboratory),
    confirmations: (report) => reader.getConfirmations(report),
    vouchings: (report) => reader.getVouchings(report),
    heartbeat: async (institute) => (await undefinedIfNotFound(reader.getHeartbeat(institute))) ?? undefined,
  };
}
