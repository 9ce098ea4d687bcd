import { registrantOf } from '@tracecal/core/model';
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
import type { RecordSource } from '@tracecal/core/trace';
import { FIXED_DATES } from './dates.js';
import type { Dates } from './dates.js';

type Owned = 'person' | 'device' | 'report';

const NONE: readonly never[] = [];

/** A record as a chaincode reads it: frozen, so that what follows from it is remembered. Changes take the place of records. */
function shared<T>(record: T): Promise<T> {
  freeze(record);
  return Promise.resolve(record);
}

/** Properties that count how often they are read are not read. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) {
    return;
  }
  if (value instanceof Map) {
    value.forEach(freeze);
  }
  for (const name of Object.keys(value)) {
    freeze(Object.getOwnPropertyDescriptor(value, name)?.value);
  }
  Object.freeze(value);
}

/**
 * The records that a registry would hold, in maps. The keys are whole ids; looking up and changing take a short one
 * (`sensor-a` for `oem-a/sensor-a`) where no other ends the same.
 */
export class Records implements RecordSource {
  readonly channel: string;
  readonly dates: Dates;
  registryRecord: RegistryRecord | undefined;
  readonly organisations = new Map<string, OrganisationRecord>();
  readonly people = new Map<string, PersonRecord>();
  readonly devices = new Map<string, DeviceRecord>();
  readonly reports = new Map<string, ReportRecord>();
  /** By report, then by kind of quantity. */
  readonly resultsOfReports = new Map<string, ReadonlyMap<string, readonly Result[]>>();
  /** By report. */
  readonly settledAcceptances = new Map<string, readonly OwnerEntry[]>();
  /** By owner and laboratory. */
  readonly reviewsOf = new Map<string, readonly Entry[]>();
  /** By report. */
  readonly confirmationsOf = new Map<string, readonly Entry[]>();
  /** By report. */
  readonly vouchingsOf = new Map<string, readonly Entry[]>();
  readonly standingConsents = new Map<string, readonly Entry[]>();
  readonly heartbeats = new Map<string, HeartbeatRecord>();

  constructor(channel = 'calibration', dates: Dates = FIXED_DATES) {
    this.channel = channel;
    this.dates = dates;
  }

  // --- RecordSource -----------------------------------------------------------------------------------------------

  founding(): Promise<RegistryRecord | undefined> {
    return shared(this.registryRecord);
  }

  organisation(id: string): Promise<OrganisationRecord | undefined> {
    return shared(this.organisations.get(id));
  }

  person(id: string): Promise<PersonRecord | undefined> {
    return shared(this.people.get(id));
  }

  device(id: string): Promise<DeviceRecord | undefined> {
    return shared(this.devices.get(id));
  }

  report(id: string): Promise<ReportRecord | undefined> {
    return shared(this.reports.get(id));
  }

  results(report: string, quantity: string): Promise<readonly Result[] | undefined> {
    return shared(this.resultsOfReports.get(report)?.get(quantity));
  }

  settled(_device: string, report: string): Promise<readonly OwnerEntry[]> {
    return shared(this.settledAcceptances.get(report) ?? NONE);
  }

  consents(owner: string, laboratory: string): Promise<readonly Entry[]> {
    return shared(this.standingConsents.get(`${owner} ${laboratory}`) ?? NONE);
  }

  reviews(amendment: string, laboratory: string): Promise<readonly Entry[]> {
    return shared(this.reviewsOf.get(`${amendment} ${laboratory}`) ?? NONE);
  }

  confirmations(report: string): Promise<readonly Entry[]> {
    return shared(this.confirmationsOf.get(report) ?? NONE);
  }

  vouchings(report: string): Promise<readonly Entry[]> {
    return shared(this.vouchingsOf.get(report) ?? NONE);
  }

  heartbeat(institute: string): Promise<HeartbeatRecord | undefined> {
    return shared(this.heartbeats.get(institute));
  }

  // --- Ids --------------------------------------------------------------------------------------------------------

  /** The whole id of something registered; what is not known stays as it is. */
  idOf(kind: Owned | 'organisation', id: string): string {
    if (kind === 'organisation' || id.includes('/')) {
      return id;
    }
    const found = [...this.#owned(kind).keys()].filter((each) => each.slice(registrantOf(each).length + 1) === id);
    if (found.length > 1) {
      throw new Error(`This test means one of ${found.join(', ')} by "${id}".`);
    }
    return found[0] ?? id;
  }

  // --- Changing what is on record, as only a broken or malicious registry could -------------------------------------

  changeRegistry(change: (record: RegistryRecord) => RegistryRecord): void {
    this.registryRecord = change(known(this.registryRecord, this.channel));
  }

  changeOrganisation(id: string, change: (record: OrganisationRecord) => OrganisationRecord): void {
    this.organisations.set(id, change(known(this.organisations.get(id), id)));
  }

  changePerson(id: string, change: (record: PersonRecord) => PersonRecord): void {
    const whole = this.idOf('person', id);
    this.people.set(whole, change(known(this.people.get(whole), id)));
  }

  changeDevice(id: string, change: (record: DeviceRecord) => DeviceRecord): void {
    const whole = this.idOf('device', id);
    this.devices.set(whole, change(known(this.devices.get(whole), id)));
  }

  changeReport(id: string, change: (record: ReportRecord) => ReportRecord): void {
    const whole = this.idOf('report', id);
    this.reports.set(whole, change(known(this.reports.get(whole), id)));
  }

  #owned(kind: Owned): ReadonlyMap<string, unknown> {
    return kind === 'person' ? this.people : kind === 'device' ? this.devices : this.reports;
  }
}

/** The id as its organisation registers it. */
export function ownedId(organisation: string, id: string): string {
  return id.includes('/') ? id : `${organisation}/${id}`;
}

export function known<T>(value: T | undefined, id: string): T {
  if (value === undefined) {
    throw new Error(`The hierarchy of this test has no "${id}".`);
  }
  return value;
}
