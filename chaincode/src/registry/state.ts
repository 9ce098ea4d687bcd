import { LedgerReader } from '../contract/index.js';
import type { Key } from '../contract/index.js';
import { entriesOf, isKind, RegistryError } from '../model/index.js';
import type {
  DeviceRecord,
  Entry,
  Epoch,
  HeartbeatRecord,
  OrganisationRecord,
  OwnerEntry,
  PersonRecord,
  Reads,
  RegistryRecord,
  ReportRecord,
  Result,
} from '../model/index.js';
import { readStatement } from '../trace/open/statement.js';
import type { RecordSource } from '../trace/source.js';
import { keys } from './keys.js';

const NONE: readonly OwnerEntry[] = Object.freeze([]);

/** The registry's records, for reading. Each is read at most once. */
export class StateReader extends LedgerReader implements RecordSource {
  founding(): Promise<RegistryRecord | undefined> {
    return this.read(keys.registry());
  }

  organisation(id: string): Promise<OrganisationRecord | undefined> {
    return this.read(keys.organisation(id));
  }

  person(id: string): Promise<PersonRecord | undefined> {
    return this.read(keys.person(id));
  }

  device(id: string): Promise<DeviceRecord | undefined> {
    return this.read(keys.device(id));
  }

  report(id: string): Promise<ReportRecord | undefined> {
    return this.read(keys.report(id));
  }

  results(report: string, quantity: string): Promise<readonly Result[] | undefined> {
    return this.read(keys.results(report, quantity));
  }

  async settled(device: string, report: string): Promise<readonly OwnerEntry[]> {
    return (await this.read<readonly OwnerEntry[]>(keys.settled(device, report))) ?? NONE;
  }

  heartbeat(institute: string): Promise<HeartbeatRecord | undefined> {
    return this.read(keys.heartbeat(institute));
  }

  consent(owner: string, laboratory: string): Promise<Entry | undefined> {
    return this.read(keys.consent(owner, laboratory));
  }

  /** The open epoch. @throws RegistryError `NOT_FOUND` */
  async epoch(): Promise<Epoch> {
    return required('epoch', 'of this registry', this.read<Epoch>(keys.epoch()));
  }

  /**
   * Reads all that traces of these devices will likely need, in two steps: the devices with what is noted beside them, then
   * what is noted there.
   */
  async prefetch(devices: readonly string[]): Promise<void> {
    await this.readAhead([
      keys.registry(),
      ...devices.map((id) => keys.device(id)),
      ...devices.map((id) => keys.reads('device', id)),
    ]);
    const noted = await Promise.all(devices.map((id) => this.read<Reads>(keys.reads('device', id))));
    await this.#fetch(noted.filter((reads) => reads !== undefined));
  }

  async #fetch(reads: readonly Reads[]): Promise<void> {
    const institutes = institutesIn(await this.founding());
    await this.readAhead([
      ...reads.flatMap(keysOf),
      ...reads
        .flatMap(({ organisations }) => organisations)
        .filter((id) => institutes.has(id))
        .map((id) => keys.heartbeat(id)),
    ]);
  }
}

/** The keys of records by their names. */
function keysOf({ devices, reports, results, people, organisations }: Reads): readonly Key[] {
  return [
    ...devices.map((id) => keys.device(id)),
    ...reports.map((id) => keys.report(id)),
    ...results.map(([report, quantity]) => keys.results(report, quantity)),
    ...people.map((id) => keys.person(id)),
    ...organisations.map((id) => keys.organisation(id)),
  ];
}

/** Institutes that were founded or admitted, whatever became of them: of use to guess what will be read. */
function institutesIn(record: RegistryRecord | undefined): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { jws } of record ? entriesOf.registry(record) : []) {
    const statement = readStatement(jws);
    if (isKind(statement, 'founding')) {
      statement.body.institutes.forEach(({ id }) => ids.add(id));
    } else if (isKind(statement, 'admission')) {
      ids.add(statement.subject.id);
    }
  }
  return ids;
}

/**
 * The registry's records, for transactions. Every item of a transaction stands for itself: it may not read what an earlier
 * one wrote, which the ledger would not show it either.
 */
export class StateWriter extends StateReader {
  readonly #writers = new Map<string, number>();
  #item = 0;

  /** What is written from here on belongs to the next item. */
  nextItem(): void {
    this.#item += 1;
  }

  override read<T>(key: Key): Promise<T | undefined> {
    return this.#isWrittenByAnother(key) ? Promise.reject(restsOnAnother()) : super.read<T>(key);
  }

  write(key: Key, value: unknown): void {
    this.#claim(key);
    this.put(key, value);
  }

  remove(key: Key): void {
    this.#claim(key);
    this.put(key, undefined);
  }

  /** Nothing is written before this. */
  conclude<T extends { readonly type: string }>(announcement: T): Promise<T> {
    return this.finish(announcement);
  }

  #claim(key: Key): void {
    if (this.#isWrittenByAnother(key)) {
      throw restsOnAnother();
    }
    this.#writers.set(this.nameOf(key), this.#item);
  }

  #isWrittenByAnother(key: Key): boolean {
    const writer = this.#writers.get(this.nameOf(key));
    return writer !== undefined && writer !== this.#item;
  }
}

function restsOnAnother(): RegistryError {
  return new RegistryError(
    'INPUT_INVALID',
    'no item may rest on another of the same transaction: submit them one after the other.',
  );
}

/** A record that must be there. @throws RegistryError `NOT_FOUND` */
export async function required<T>(
  kind: string,
  id: string,
  record: Promise<T | undefined> | T | undefined,
): Promise<T> {
  const found = await record;
  if (found === undefined) {
    throw new RegistryError('NOT_FOUND', `no ${kind} ${id} is registered here.`);
  }
  return found;
}
