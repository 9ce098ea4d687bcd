import { isKind } from '@tracecal/core/model';
import type {
  DeviceRecord,
  Entry,
  HeartbeatRecord,
  OrganisationRecord,
  OwnerEntry,
  PersonRecord,
  RegistryRecord,
  ReportRecord,
  Result,
} from '@tracecal/core/model';
import { resultsByQuantity } from '@tracecal/core/trace';
import type { RecordSource } from '@tracecal/core/trace';
import type { TraceCal } from '@tracecal/gateway-client';
import { readSigned } from './hierarchy.js';
import type { Records } from './naiveTrace.js';

/** Whose records are wanted. */
export interface Wanted {
  readonly organisations: Iterable<string>;
  readonly people: Iterable<string>;
  readonly devices: Iterable<string>;
  readonly reports: Iterable<string>;
}

/** The records of a running registry, as its members can read them. */
export async function readBack(member: TraceCal, wanted: Wanted): Promise<Records & RecordSource> {
  const registryRecord = (await member.getRegistry()).record;
  const organisations = await each(wanted.organisations, async (id) => (await member.getOrganisation(id)).record);
  const people = await each(wanted.people, async (id) => (await member.getTechnician(id)).record);
  const devices = await each(wanted.devices, async (id) => (await member.getDevice(id)).record);
  const answers = await each(wanted.reports, (id) => member.getReport(id));
  const reports = new Map([...answers].map(([id, { record }]) => [id, record]));
  const results = new Map([...answers].map(([id, answer]) => [id, resultsByQuantity(answer.results)]));
  const heartbeats = new Map<string, HeartbeatRecord>();
  for (const institute of institutesOf(registryRecord)) {
    const heartbeat = await member.getHeartbeat(institute);
    if (heartbeat) heartbeats.set(institute, heartbeat);
  }
  const standingConsents = new Map<string, readonly Entry[]>();
  for (const [owner, laboratory] of consentsOf(devices)) {
    standingConsents.set(`${owner} ${laboratory}`, await member.getConsents(owner, laboratory));
  }
  const { channel } = member;
  const settled = new Map([...answers].map(([id, answer]) => [id, answer.settled]));
  return source({
    settled,
    standingConsents,
    channel,
    registryRecord,
    organisations,
    people,
    devices,
    reports,
    results,
    heartbeats,
  });
}

async function each<T>(ids: Iterable<string>, read: (id: string) => Promise<T>): Promise<ReadonlyMap<string, T>> {
  const found = new Map<string, T>();
  for (const id of ids) found.set(id, await read(id));
  return found;
}

/** Owners and laboratories whose standing consents stand in the records of devices. */
function consentsOf(devices: ReadonlyMap<string, DeviceRecord>): readonly (readonly [string, string])[] {
  const words = [...devices.values()].flatMap(({ ownership }) => ownership.map(({ jws }) => readSigned(jws)));
  return words.flatMap((word) => (isKind(word, 'consent') ? [[word.author, word.subject.id] as const] : []));
}

function institutesOf({ founding }: RegistryRecord): readonly string[] {
  const statement = readSigned(founding.jws);
  return isKind(statement, 'founding') ? statement.body.institutes.map(({ id }) => id) : [];
}

interface Maps {
  readonly channel: string;
  readonly registryRecord: RegistryRecord;
  readonly organisations: ReadonlyMap<string, OrganisationRecord>;
  readonly people: ReadonlyMap<string, PersonRecord>;
  readonly devices: ReadonlyMap<string, DeviceRecord>;
  readonly reports: ReadonlyMap<string, ReportRecord>;
  readonly results: ReadonlyMap<string, ReadonlyMap<string, readonly Result[]>>;
  readonly settled: ReadonlyMap<string, readonly OwnerEntry[]>;
  readonly standingConsents: ReadonlyMap<string, readonly Entry[]>;
  readonly heartbeats: ReadonlyMap<string, HeartbeatRecord>;
}

function source({ results, settled, ...maps }: Maps): Records & RecordSource {
  return {
    ...maps,
    resultsOfReports: results,
    founding: () => Promise.resolve(maps.registryRecord),
    organisation: (id) => Promise.resolve(maps.organisations.get(id)),
    person: (id) => Promise.resolve(maps.people.get(id)),
    device: (id) => Promise.resolve(maps.devices.get(id)),
    report: (id) => Promise.resolve(maps.reports.get(id)),
    results: (report, quantity) => Promise.resolve(results.get(report)?.get(quantity)),
    settled: (_, report) => Promise.resolve(settled.get(report) ?? []),
    reviews: () => Promise.resolve([]),
    confirmations: () => Promise.resolve([]),
    vouchings: () => Promise.resolve([]),
    consents: (owner, laboratory) => Promise.resolve(maps.standingConsents.get(`${owner} ${laboratory}`) ?? []),
    heartbeat: (institute) => Promise.resolve(maps.heartbeats.get(institute)),
  };
}
