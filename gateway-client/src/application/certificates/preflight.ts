import { instantOf, isKind } from '@tracecal/core/model';
import type { DeviceRecord, Registered, ReportRecord, Result } from '@tracecal/core/model';
import { readStatement } from '@tracecal/core/open';
import { examineReport, refuseFailed, traceOptions } from '@tracecal/core/trace';
import type { RecordSource } from '@tracecal/core/trace';
import { registrySource } from '../../client/registrySource.js';
import type { Item, TraceCal } from '../../client/index.js';

/**
 * Runs the registry's checks on a report before its device is registered: a refused report would leave the device behind.
 *
 * @throws RegistryError with the registry's own code and message
 */
export async function requireRegistrable(reader: TraceCal, device: Item, report: Item): Promise<void> {
  const imprint = readStatement(device.statement);
  const statement = readStatement(report.statement);
  if (!isKind(imprint, 'device') || !isKind(statement, 'report')) {
    throw new Error('The registration of a device and a report were expected.');
  }
  const registered = await asOfNow(reader);
  const fresh: Fresh = {
    device: {
      id: imprint.subject.id,
      imprints: [{ jws: device.statement, certificate: device.certificate ?? '', registered }],
      ownership: [],
      settledUntil: null,
      impediments: [],
    },
    report: {
      id: statement.subject.id,
      statement: { jws: report.statement, registered },
      supersededBy: null,
      impediments: [],
    },
    results: report.results ?? [],
  };
  const reference = { device: fresh.device.id, report: fresh.report.id };
  const source = withFresh(registrySource(reader, reader.channel), fresh);
  refuseFailed(await examineReport(source, reference, traceOptions({ asOf: registered.date })));
}

async function asOfNow(reader: TraceCal): Promise<Registered> {
  const { record } = await reader.getRegistry();
  const { number, opened } = await reader.getEpoch();
  const now = instantOf(Date.now());
  return { epoch: number, date: opened > now ? opened : now, decisions: record.changes.length, txId: 'preflight' };
}

interface Fresh {
  readonly device: DeviceRecord;
  readonly report: ReportRecord;
  readonly results: readonly Result[];
}

/** The registry's records, with the new ones added. */
function withFresh(source: RecordSource, { device, report, results }: Fresh): RecordSource {
  return {
    ...source,
    device: (id) => (id === device.id ? Promise.resolve(device) : source.device(id)),
    report: (id) => (id === report.id ? Promise.resolve(report) : source.report(id)),
    async results(id, quantity) {
      const own = results.filter((result) => result.quantity === quantity);
      return id === report.id ? (own.length > 0 ? own : undefined) : source.results(id, quantity);
    },
    settled: (owned, id) => (id === report.id ? Promise.resolve([]) : source.settled(owned, id)),
    // A report that is not registered yet has no reviews, confirmations or vouchings.
    reviews: () => Promise.resolve([]),
    confirmations: (id) => (id === report.id ? Promise.resolve([]) : source.confirmations(id)),
    vouchings: (id) => (id === report.id ? Promise.resolve([]) : source.vouchings(id)),
  };
}
