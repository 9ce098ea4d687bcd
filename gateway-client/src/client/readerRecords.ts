import type { ReportAnswer } from '@tracecal/core/contracts';
import type { RecordSource } from '@tracecal/core/trace';
import type { TraceCal } from './tracecal.js';
import { undefinedIfNotFound } from './undefinedIfNotFound.js';

/** The records of a registry for a trace that runs here, each by a query of its own. Whoever follows one device asks for its evidence. */
export async function readerRecords(reader: TraceCal): Promise<RecordSource> {
  const { record: founding } = await reader.getRegistry();
  const reports = new Map<string, Promise<ReportAnswer | undefined>>();
  const reportOf = (id: string) => {
    const known = reports.get(id) ?? undefinedIfNotFound(reader.getReport(id));
    reports.set(id, known);
    return known;
  };
  const answer = async <T extends { readonly record: R }, R>(asked: Promise<T>) =>
    (await undefinedIfNotFound(asked))?.record;
  return {
    channel: reader.channel,
    founding: () => Promise.resolve(founding),
    organisation: (id) => answer(reader.getOrganisation(id)),
    person: (id) => answer(reader.getTechnician(id)),
    device: (id) => answer(reader.getDevice(id)),
    report: async (id) => (await reportOf(id))?.record,
    async results(id, quantity) {
      const own = (await reportOf(id))?.results.filter((result) => result.quantity === quantity) ?? [];
      return own.length > 0 ? own : undefined;
    },
    settled: async (_device, id) => (await reportOf(id))?.settled ?? [],
    reviews: (amendment, laboratory) => reader.getReviews(amendment, laboratory),
    confirmations: (id) => reader.getConfirmations(id),
    vouchings: (id) => reader.getVouchings(id),
    consents: (owner, laboratory) => reader.getConsents(owner, laboratory),
    heartbeat: async (institute) => (await undefinedIfNotFound(reader.getHeartbeat(institute))) ?? undefined,
  };
}
