import type {
  DeviceRecord,
  OrganisationRecord,
  PersonRecord,
  Reads,
  RegistryRecord,
  ReportRecord,
  Result,
} from '@tracecal/core/model';
import type { RecordSource } from '@tracecal/core/trace';

/** Records as they will be after the write. */
export interface Changes {
  readonly founding?: RegistryRecord;
  readonly organisations?: readonly OrganisationRecord[];
  readonly person?: PersonRecord;
  readonly device?: DeviceRecord;
  readonly reports?: readonly ReportRecord[];
  /** The results of a new report, by quantity. */
  readonly results?: { readonly report: string; readonly byQuantity: ReadonlyMap<string, readonly Result[]> };
}

/** The records with these changes. */
export function overlay(base: RecordSource, changes: Changes): RecordSource {
  const { founding, organisations = [], person, device, reports = [], results } = changes;
  const changed = <T extends { readonly id: string }>(
    records: readonly (T | undefined)[],
    id: string,
    read: () => Promise<T | undefined>,
  ): Promise<T | undefined> => {
    const found = records.find((record) => record?.id === id);
    return found ? Promise.resolve(found) : read();
  };
  return {
    channel: base.channel,
    founding: () => (founding ? Promise.resolve(founding) : base.founding()),
    organisation: (id) => changed(organisations, id, () => base.organisation(id)),
    person: (id) => changed([person], id, () => base.person(id)),
    device: (id) => changed([device], id, () => base.device(id)),
    report: (id) => changed(reports, id, () => base.report(id)),
    results: (report, quantity) =>
      results?.report === report ? Promise.resolve(results.byQuantity.get(quantity)) : base.results(report, quantity),
    settled: (owned, report) => base.settled(owned, report),
    consents: (owner, laboratory) => base.consents(owner, laboratory),
    reviews: (amendment, laboratory) => base.reviews(amendment, laboratory),
    confirmations: (report) => base.confirmations(report),
    vouchings: (report) => base.vouchings(report),
    heartbeat: (institute) => base.heartbeat(institute),
    drawn: base.drawn,
  };
}

/** A source that remembers which records were asked for. */
export interface Recording {
  readonly source: RecordSource;
  reads(): Reads;
}

export function recording(base: RecordSource): Recording {
  const devices = new Set<string>();
  const reports = new Set<string>();
  const results = new Map<string, readonly [string, string]>();
  const consents = new Map<string, readonly [string, string]>();
  const people = new Set<string>();
  const organisations = new Set<string>();
  return {
    source: {
      channel: base.channel,
      founding: () => base.founding(),
      organisation: (id) => base.organisation(noted(organisations, id)),
      person: (id) => base.person(noted(people, id)),
      device: (id) => base.device(noted(devices, id)),
      report: (id) => base.report(noted(reports, id)),
      results(report, quantity) {
        results.set(JSON.stringify([report, quantity]), [report, quantity]);
        return base.results(report, quantity);
      },
      settled: (device, report) => base.settled(device, report),
      consents(owner, laboratory) {
        consents.set(JSON.stringify([owner, laboratory]), [owner, laboratory]);
        return base.consents(owner, laboratory);
      },
      reviews: (amendment, laboratory) => base.reviews(amendment, laboratory),
      confirmations: (report) => base.confirmations(report),
      vouchings: (report) => base.vouchings(report),
      heartbeat: (institute) => base.heartbeat(institute),
      drawn: base.drawn,
    },
    reads: () => ({
      devices: [...devices],
      reports: [...reports],
      results: [...results.values()],
      consents: [...consents.values()],
      people: [...people],
      organisations: [...organisations],
    }),
  };
}

function noted(ids: Set<string>, id: string): string {
  ids.add(id);
  return id;
}
