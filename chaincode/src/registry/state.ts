import { entriesOf, isKind, RegistryError } from '@tracecal/core/model';
import type {
  DeviceRecord,
  Entry,
  Epoch,
  HeartbeatRecord,
  Instant,
  OrganisationRecord,
  OwnerEntry,
  PersonRecord,
  Reads,
  RegistryRecord,
  ReportRecord,
  Result,
} from '@tracecal/core/model';
import { Drawn, readStatement } from '@tracecal/core/open';
import { keys, nameOfKey, recordsIn } from '@tracecal/core/registry';
import type { Key } from '@tracecal/core/registry';
import { Budget } from '@tracecal/core/trace';
import type { RecordSource } from '@tracecal/core/trace';
import { LedgerReader } from '../contract/index.js';

/** The registry's records, for reading. Each is read at most once. */
export class StateReader extends LedgerReader implements RecordSource {
  readonly drawn = new Drawn();
  readonly #records = recordsIn(this.channel, (key) => this.read(key));

  founding(): Promise<RegistryRecord | undefined> {
    return this.#records.founding();
  }

  organisation(id: string): Promise<OrganisationRecord | undefined> {
    return this.#records.organisation(id);
  }

  person(id: string): Promise<PersonRecord | undefined> {
    return this.#records.person(id);
  }

  device(id: string): Promise<DeviceRecord | undefined> {
    return this.#records.device(id);
  }

  report(id: string): Promise<ReportRecord | undefined> {
    return this.#records.report(id);
  }

  results(report: string, quantity: string): Promise<readonly Result[] | undefined> {
    return this.#records.results(report, quantity);
  }

  settled(device: string, report: string): Promise<readonly OwnerEntry[]> {
    return this.#records.settled(device, report);
  }

  heartbeat(institute: string): Promise<HeartbeatRecord | undefined> {
    return this.#records.heartbeat(institute);
  }

  consents(owner: string, laboratory: string): Promise<readonly Entry[]> {
    return this.#records.consents(owner, laboratory);
  }

  reviews(amendment: string, laboratory: string): Promise<readonly Entry[]> {
    return this.#records.reviews(amendment, laboratory);
  }

  confirmations(report: string): Promise<readonly Entry[]> {
    return this.#records.confirmations(report);
  }

  vouchings(report: string): Promise<readonly Entry[]> {
    return this.#records.vouchings(report);
  }

  /** The open epoch. @throws RegistryError `NOT_FOUND` */
  async epoch(): Promise<Epoch> {
    return required('epoch', 'of this registry', this.read<Epoch>(keys.epoch()));
  }

  /**
   * Prefetches the records that traces of these devices will probably need, in two steps: the devices with their hints, then
   * the records that the hints name.
   *
   * @param namesRoots Whether the question names roots: then a trace reads all institutes.
   */
  async prefetch(devices: readonly string[], namesRoots = false): Promise<void> {
    await this.readAhead([
      keys.registry(),
      ...devices.map((id) => keys.device(id)),
      ...devices.map((id) => keys.reads('device', id)),
    ]);
    const noted = await Promise.all(devices.map((id) => this.read<Reads>(keys.reads('device', id))));
    await this.#fetch(
      noted.filter((reads) => reads !== undefined),
      namesRoots,
    );
  }

  async #fetch(reads: readonly Reads[], namesRoots: boolean): Promise<void> {
    const institutes = institutesIn(await this.founding());
    const silent = withoutResults(reads);
    await this.readAhead([
      ...reads.flatMap(keysOf),
      ...silent.map((id) => keys.vouchings(id)),
      ...(namesRoots ? [...institutes].map((id) => keys.organisation(id)) : []),
      ...reads
        .flatMap(({ organisations }) => organisations)
        .filter((id) => institutes.has(id))
        .map((id) => keys.heartbeat(id)),
    ]);
    await this.#fetchSpeakers(silent);
  }

  /** The organisations that vouch for confidential results: who they are, no hint can tell, because they speak later. */
  async #fetchSpeakers(reports: readonly string[]): Promise<void> {
    const words = await Promise.all(reports.map((id) => this.vouchings(id)));
    const authors = new Set(words.flat().map(({ jws }) => readStatement(jws).author));
    await (authors.size > 0 ? this.readAhead([...authors].map((id) => keys.organisation(id))) : undefined);
  }
}

/** Reports of whose results a trace reads none: those of confidential ones are not there. */
function withoutResults(reads: readonly Reads[]): readonly string[] {
  const read = new Set(reads.flatMap(({ results }) => results.map(([report]) => report)));
  return [...new Set(reads.flatMap(({ reports }) => reports))].filter((id) => !read.has(id));
}

/** The keys of records by their names. */
function keysOf({ devices, reports, results, consents, people, organisations }: Reads): readonly Key[] {
  return [
    ...devices.map((id) => keys.device(id)),
    ...reports.map((id) => keys.report(id)),
    ...results.map(([report, quantity]) => keys.results(report, quantity)),
    ...consents.map(([owner, laboratory]) => keys.consents(owner, laboratory)),
    ...people.map((id) => keys.person(id)),
    ...organisations.map((id) => keys.organisation(id)),
  ];
}

/** Institutes that were founded or admitted, in any standing. Used only to guess what will be read. */
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
 * The registry's records, for transactions. Every item of a transaction is independent: it may not read what an earlier item
 * wrote, because the ledger would not return it either.
 */
export class StateWriter extends StateReader {
  /**
   * The work of all items together. Anybody who may read can have a transaction simulated, at no cost, so the work needs a
   * limit.
   */
  readonly budget = new Budget();
  readonly #writers = new Map<string, number>();
  readonly #held = new Map<string, readonly Entry[]>();
  #decisions: readonly Entry[] = [];
  #item = 0;

  /** Everything written after this call belongs to the next item. */
  nextItem(): void {
    this.#item += 1;
  }

  override read<T>(key: Key): Promise<T | undefined> {
    return this.#isWrittenByAnother(key) ? Promise.reject(new RestsOnAnother()) : super.read<T>(key);
  }

  override async founding(): Promise<RegistryRecord | undefined> {
    const record = await super.founding();
    this.#decisions = record?.changes ?? [];
    return record;
  }

  override async organisation(id: string): Promise<OrganisationRecord | undefined> {
    return this.#note(await super.organisation(id), 'organisation', entriesOf.organisation);
  }

  override async person(id: string): Promise<PersonRecord | undefined> {
    return this.#note(await super.person(id), 'person', entriesOf.person);
  }

  override async device(id: string): Promise<DeviceRecord | undefined> {
    return this.#note(await super.device(id), 'device', entriesOf.device);
  }

  override async report(id: string): Promise<ReportRecord | undefined> {
    return this.#note(await super.report(id), 'report', entriesOf.report);
  }

  override async consents(owner: string, laboratory: string): Promise<readonly Entry[]> {
    return this.#noteAll(keys.consents(owner, laboratory), await super.consents(owner, laboratory));
  }

  override async reviews(amendment: string, laboratory: string): Promise<readonly Entry[]> {
    return this.#noteAll(keys.reviews(amendment, laboratory), await super.reviews(amendment, laboratory));
  }

  override async confirmations(report: string): Promise<readonly Entry[]> {
    return this.#noteAll(keys.confirmations(report), await super.confirmations(report));
  }

  override async vouchings(report: string): Promise<readonly Entry[]> {
    return this.#noteAll(keys.vouchings(report), await super.vouchings(report));
  }

  /**
   * The latest date in the records that were read, among entries that the ledger took in by the end of `epoch`. They came
   * before this registration, whatever the client's clock shows. Of the institutes' joint decisions, only those about
   * organisations that were read count.
   */
  newestRead(epoch = Infinity): Instant {
    const about = this.#decisions.filter(({ jws }) => this.#held.has(`organisation ${readStatement(jws).subject.id}`));
    return [...[...this.#held.values()].flat(), ...about]
      .filter(({ registered }) => registered.epoch <= epoch)
      .reduce((newest, { registered: { date } }) => (date > newest ? date : newest), '');
  }

  #noteAll(key: Key, entries: readonly Entry[]): readonly Entry[] {
    this.#held.set(`entries ${nameOfKey(key)}`, entries);
    return entries;
  }

  #note<T extends { readonly id: string }>(
    record: T | undefined,
    kind: string,
    entries: (record: T) => readonly Entry[],
  ): T | undefined {
    if (record) {
      this.#held.set(`${kind} ${record.id}`, entries(record));
    }
    return record;
  }

  write(key: Key, value: unknown): void {
    this.#claim(key);
    this.put(key, value);
  }

  remove(key: Key): void {
    this.#claim(key);
    this.put(key, undefined);
  }

  /** Nothing is written before this call. */
  conclude<T extends { readonly type: string }>(announcement: T): Promise<T> {
    return this.finish(announcement);
  }

  /** As {@link conclude}, for what concerns nobody who follows the ledger. */
  concludeUnannounced(): Promise<void> {
    return this.send();
  }

  #claim(key: Key): void {
    if (this.#isWrittenByAnother(key)) {
      throw new RestsOnAnother();
    }
    this.#writers.set(nameOfKey(key), this.#item);
  }

  #isWrittenByAnother(key: Key): boolean {
    const writer = this.#writers.size > 0 ? this.#writers.get(nameOfKey(key)) : undefined;
    return writer !== undefined && writer !== this.#item;
  }
}

/**
 * An item reads or writes what another item of the transaction has written. Not a refusal that a trace could take for a
 * fault in the record: it does not concern recorded data.
 */
export class RestsOnAnother extends Error {}

/** A record that must exist. @throws RegistryError `NOT_FOUND` */
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
