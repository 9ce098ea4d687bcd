import type { DeviceFile, Lineage, Parent, ReportPayload } from '../model/index.js';
import { certificationChain } from './caller.js';
import type { StateReader } from './state.js';

/** Most records of a kind that a report lists: beyond a few messages' worth it would only grow the ledger. */
const MAX_RECORDS = 256;

/** What traces through a report will read besides its own device, nearest first: its parents, and all that theirs read. */
export async function lineageOf(state: StateReader, payload: ReportPayload, file: DeviceFile): Promise<Lineage> {
  const cited = payload.parents.filter(isReport);
  const own: Lineage = {
    devices: cited.map(({ device }) => device),
    organisations: [
      ...(await certifiersOf(state, payload.organisation)),
      ...(await certifiersOf(state, file.device.organisation)),
    ],
    roots: payload.parents.length === 0 ? [payload.organisation] : [],
  };
  const all = [own];
  for (const { device, report } of cited) {
    const reports = (await state.device(device))?.reports ?? {};
    const parent = Object.hasOwn(reports, report) ? reports[report] : undefined;
    all.push(...(parent ? [parent.lineage] : []));
  }
  return {
    devices: first(all.flatMap(({ devices }) => devices).filter((id) => id !== file.device.id)),
    organisations: first(all.flatMap(({ organisations }) => organisations)),
    roots: first(all.flatMap(({ roots }) => roots)),
  };
}

async function certifiersOf(state: StateReader, id: string): Promise<readonly string[]> {
  return (await certificationChain(state, id)).map(({ organisation }) => organisation.id);
}

function isReport(parent: Parent): parent is Extract<Parent, { kind: 'report' }> {
  return parent.kind === 'report';
}

function first(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].slice(0, MAX_RECORDS);
}
