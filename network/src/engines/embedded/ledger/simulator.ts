import { sha256 } from '@tracecal/ledger/crypto';
import {
  decodeMetadata,
  describeVersion,
  hashKey,
  keyPolicy,
  sameVersion,
  stateEnd,
  stateKey,
  type CollectionDefinition,
  type StateRecord,
} from '@tracecal/ledger/validation';
import { compareBytes, keyOf, NO_BYTES } from '@tracecal/ledger/wire';
import { LedgerError } from './errors.js';
import { historyPrefix, privateEnd, privateKey } from './keys.js';
import { historyOf } from './history.js';
import { interestOf, type WrittenKey } from './interest.js';
import { decodeRecord } from './record.js';
import { ReadWriteSetBuilder, type RangeRecord } from './rwsetBuilder.js';
import type { Entry, StoreSnapshot } from './store.js';
import type { HistoricValue, KeyValue, Page, SimulationResults, TxSimulator } from './types.js';

/** Context of a simulation, besides the state. */
export interface SimulatorContext {
  readonly txId: string;
  /** MSP id of the endorser; undefined reads every collection. */
  readonly reader: string | undefined;
  readonly snapshot: StoreSnapshot;
  /** @throws LedgerError when the chaincode has no such collection. */
  readonly collection: (namespace: string, name: string) => CollectionDefinition;
}

/** One simulation over one snapshot. As in Fabric, it may read private data or paged results, or write anything, but not both. */
export class StateSimulator implements TxSimulator {
  readonly #context: SimulatorContext;
  readonly #builder = new ReadWriteSetBuilder();
  readonly #written = new Map<string, WrittenKey>();
  readonly #privateReads = new Map<string, Set<string>>();
  readonly #scans = new Set<AsyncGenerator<Entry, void, undefined>>();
  #ended = false;
  #wrote = false;
  #pagedQuery = false;
  #privateQuery = false;

  constructor(context: SimulatorContext) {
    this.#context = context;
  }

  getState(namespace: string, key: string): Promise<Uint8Array | undefined> {
    return settle(() => this.#read(namespace, key)?.value);
  }

  getStates(namespace: string, keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    return settle(() => keys.map((key) => this.#read(namespace, key)?.value));
  }

  getMetadata(namespace: string, key: string): Promise<ReadonlyMap<string, Uint8Array>> {
    return settle(() => decodeMetadata(this.#read(namespace, key)?.metadata));
  }

  putState(namespace: string, key: string, value: Uint8Array): void {
    this.#beforeWrite();
    this.#builder.write(namespace, key, value);
    this.#noteWrite(namespace, '', key);
  }

  deleteState(namespace: string, key: string): void {
    this.putState(namespace, key, NO_BYTES);
  }

  putMetadata(namespace: string, key: string, metakey: string, value: Uint8Array): void {
    this.#beforeWrite();
    this.#builder.writeMetadata(namespace, key, metakey, value);
    this.#noteWrite(namespace, '', key);
  }

  getRange(namespace: string, start: string, end: string): AsyncIterableIterator<KeyValue> {
    this.#usable();
    return this.#range(namespace, end, this.#builder.range(namespace, start));
  }

  async getRangePage(namespace: string, start: string, end: string, pageSize: number, bookmark: string): Promise<Page> {
    this.#usable();
    if (this.#wrote) {
      throw this.#unsupported('Paginated queries are supported only in a read-only transaction');
    }
    this.#pagedQuery = true;
    const record = this.#builder.range(namespace, bookmark || start);
    const entries: KeyValue[] = [];
    for await (const [key, value] of this.#scan(stateKey(namespace, record.start), stateLimit(namespace, end))) {
      const name = keyName(key, stateKey(namespace, '').length);
      if (entries.length === pageSize) {
        return { entries, bookmark: name };
      }
      const found = decodeRecord(value);
      record.reads.add(name, found.version);
      // A full page is checked again up to its last key, as in a peer.
      record.end = name;
      entries.push({ key: name, value: found.value });
    }
    if (entries.length < pageSize) {
      record.end = end;
      record.exhausted = true;
    }
    return { entries, bookmark: '' };
  }

  getHistory(namespace: string, key: string): AsyncIterableIterator<HistoricValue> {
    this.#usable();
    const prefix = historyPrefix(namespace, key);
    const limit = Buffer.concat([prefix, Buffer.alloc(13, 0xff)]);
    return historyOf(namespace, key, this.#scan(prefix, limit, true), this.#context.snapshot);
  }

  getPrivate(namespace: string, collection: string, key: string): Promise<Uint8Array | undefined> {
    return settle(() => {
      this.#usable();
      const { snapshot } = this.#context;
      const members = this.#context.collection(namespace, collection).members;
      const record = this.#mayRead(members) ? snapshot.record(privateKey(namespace, collection, key)) : undefined;
      const hash = snapshot.record(hashKey(namespace, collection, sha256(Buffer.from(key))));
      if (!sameVersion(hash?.version, record?.version)) {
        throw new LedgerError(
          'PRIVATE_DATA_UNAVAILABLE',
          'private data matching public hash version is not available. ' +
            `Public hash version = ${describeVersion(hash?.version)}, Private data version = ${describeVersion(record?.version)}`,
        );
      }
      this.#builder.readPrivate(namespace, collection, key, record?.version);
      this.#notePrivateRead(namespace, collection);
      return record?.value;
    });
  }

  getPrivateHash(namespace: string, collection: string, key: string): Promise<Uint8Array | undefined> {
    return settle(() => this.#readHash(namespace, collection, key)?.value);
  }

  getPrivateMetadata(namespace: string, collection: string, key: string): Promise<ReadonlyMap<string, Uint8Array>> {
    return settle(() => decodeMetadata(this.#readHash(namespace, collection, key)?.metadata));
  }

  putPrivate(namespace: string, collection: string, key: string, value: Uint8Array): void {
    this.#writePrivate(namespace, collection, key, value, false);
  }

  deletePrivate(namespace: string, collection: string, key: string): void {
    this.#writePrivate(namespace, collection, key, NO_BYTES, false);
  }

  purgePrivate(namespace: string, collection: string, key: string): void {
    this.#writePrivate(namespace, collection, key, NO_BYTES, true);
  }

  putPrivateMetadata(namespace: string, collection: string, key: string, metakey: string, value: Uint8Array): void {
    this.#context.collection(namespace, collection);
    this.#beforeWrite();
    this.#builder.writePrivateMetadata(namespace, collection, key, metakey, value);
    this.#noteWrite(namespace, collection, key);
  }

  getPrivateRange(namespace: string, collection: string, start: string, end: string): AsyncIterableIterator<KeyValue> {
    this.#usable();
    if (this.#wrote) {
      throw this.#unsupported('Queries on pvt data is supported only in a read-only transaction');
    }
    this.#privateQuery = true;
    const members = this.#context.collection(namespace, collection).members;
    return this.#privateRange(namespace, collection, start, end, this.#mayRead(members));
  }

  finish(): SimulationResults {
    this.#usable();
    // Compute private results first: their hashes are part of the public ones.
    const privateResults = this.#builder.privateResults();
    const results: SimulationResults = {
      publicResults: this.#builder.publicResults(),
      ...(privateResults && { privateResults }),
      interest: interestOf(this.#builder.namespaces(), [...this.#written.values()], this.#privateReads),
    };
    this.discard();
    return results;
  }

  discard(): void {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    for (const scan of this.#scans) {
      void scan.return();
    }
    this.#context.snapshot.release();
  }

  #read(namespace: string, key: string): StateRecord | undefined {
    this.#usable();
    const record = this.#context.snapshot.record(stateKey(namespace, key));
    this.#builder.read(namespace, key, record?.version);
    return record;
  }

  #readHash(namespace: string, collection: string, key: string): StateRecord | undefined {
    this.#usable();
    this.#context.collection(namespace, collection);
    const record = this.#context.snapshot.record(hashKey(namespace, collection, sha256(Buffer.from(key))));
    this.#builder.readPrivate(namespace, collection, key, record?.version);
    return record;
  }

  async *#range(namespace: string, end: string, record: RangeRecord): AsyncGenerator<KeyValue, void, undefined> {
    const prefixLength = stateKey(namespace, '').length;
    for await (const [key, value] of this.#scan(stateKey(namespace, record.start), stateLimit(namespace, end))) {
      const found = decodeRecord(value);
      const name = keyName(key, prefixLength);
      record.reads.add(name, found.version);
      // Only keys that the chaincode saw are checked again: it may never ask for the rest.
      record.end = name;
      yield { key: name, value: found.value };
    }
    record.end = end;
    record.exhausted = true;
  }

  async *#privateRange(
    namespace: string,
    collection: string,
    start: string,
    end: string,
    readable: boolean,
  ): AsyncGenerator<KeyValue, void, undefined> {
    if (!readable) {
      return;
    }
    const prefixLength = privateKey(namespace, collection, '').length;
    const limit = end === '' ? privateEnd(namespace, collection) : privateKey(namespace, collection, end);
    for await (const [key, value] of this.#scan(privateKey(namespace, collection, start), limit)) {
      yield { key: keyName(key, prefixLength), value: decodeRecord(value).value };
    }
  }

  /** A scan that ends with the simulation, even if the chaincode forgets to close it. */
  async *#scan(gte: Uint8Array, lt: Uint8Array, reverse = false): AsyncGenerator<Entry, void, undefined> {
    if (compareBytes(gte, lt) >= 0) {
      return;
    }
    const scan = this.#context.snapshot.scan({ gte, lt, reverse });
    this.#scans.add(scan);
    try {
      yield* scan;
    } finally {
      this.#scans.delete(scan);
    }
  }

  #writePrivate(namespace: string, collection: string, key: string, value: Uint8Array, purge: boolean): void {
    this.#context.collection(namespace, collection);
    this.#beforeWrite();
    this.#builder.writePrivate(namespace, collection, key, { value, purge });
    this.#noteWrite(namespace, collection, key);
  }

  #noteWrite(namespace: string, collection: string, key: string): void {
    const place =
      collection === '' ? stateKey(namespace, key) : hashKey(namespace, collection, sha256(Buffer.from(key)));
    const policy = keyPolicy(this.#context.snapshot.record(place));
    this.#written.set(keyOf(place), { namespace, collection, ...(policy && { policy }) });
  }

  #notePrivateRead(namespace: string, collection: string): void {
    const collections = this.#privateReads.get(namespace) ?? new Set();
    this.#privateReads.set(namespace, collections.add(collection));
  }

  #mayRead(members: readonly string[]): boolean {
    return this.#context.reader === undefined || members.includes(this.#context.reader);
  }

  #beforeWrite(): void {
    this.#usable();
    if (this.#privateQuery) {
      throw this.#unsupported('Transaction has already performed queries on pvt data. Writes are not allowed');
    }
    if (this.#pagedQuery) {
      throw this.#unsupported('Transaction has already performed a paginated query. Writes are not allowed');
    }
    this.#wrote = true;
  }

  #unsupported(what: string): LedgerError {
    return new LedgerError('UNSUPPORTED_TRANSACTION', `txid [${this.#context.txId}]: unsupported transaction. ${what}`);
  }

  #usable(): void {
    if (this.#ended) {
      throw new LedgerError('SIMULATION_ENDED', 'this simulation has ended: it cannot be read or written any more');
    }
  }
}

function stateLimit(namespace: string, end: string): Uint8Array {
  return end === '' ? stateEnd(namespace) : stateKey(namespace, end);
}

function keyName(key: Buffer, prefixLength: number): string {
  return key.toString('utf8', prefixLength);
}

/** Turns a synchronous read into a promise, so that its errors reject. */
function settle<T>(read: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(read());
  });
}
