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

/** The records of a ledger's state, read from a map by their keys, without a contract. */
export class StateRecords implements RecordSource {
  readonly channel = 'calibration';
  readonly #state: ReadonlyMap<string, string>;

  constructor(state: ReadonlyMap<string, string>) {
    this.#state = state;
  }

  founding(): Promise<RegistryRecord | undefined> {
    return this.#read('registry');
  }

  organisation(id: string): Promise<OrganisationRecord | undefined> {
    return this.#read('organisation', id);
  }

  person(id: string): Promise<PersonRecord | undefined> {
    return this.#read('person', id);
  }

  device(id: string): Promise<DeviceRecord | undefined> {
    return this.#read('device', id);
  }

  report(id: string): Promise<ReportRecord | undefined> {
    return this.#read('report', id);
  }

  results(report: string, quantity: string): Promise<readonly Result[] | undefined> {
    return this.#read('results', report, quantity);
  }

  async settled(device: string, report: string): Promise<readonly OwnerEntry[]> {
    return (await this.#read<readonly OwnerEntry[]>('settled', device, report)) ?? [];
  }

  async consents(owner: string, laboratory: string): Promise<readonly Entry[]> {
    return (await this.#read<readonly Entry[]>('consent', owner, laboratory)) ?? [];
  }

  async reviews(amendment: string, laboratory: string): Promise<readonly Entry[]> {
    return (await this.#read<readonly Entry[]>('review', amendment, laboratory)) ?? [];
  }

  async confirmations(report: string): Promise<readonly Entry[]> {
    return (await this.#read<readonly Entry[]>('confirmation', report)) ?? [];
  }

  async vouchings(report: string): Promise<readonly Entry[]> {
    return (await this.#read<readonly Entry[]>('vouching', report)) ?? [];
  }

  heartbeat(institute: string): Promise<HeartbeatRecord | undefined> {
    return this.#read('heartbeat', institute);
  }

  #read<T>(...parts: readonly string[]): Promise<T | undefined> {
    const stored = this.#state.get(`\u0000${parts.map((part) => `${part}\u0000`).join('')}`);
    return Promise.resolve(stored === undefined ? undefined : (JSON.parse(stored) as { readonly record: T }).record);
  }
}
