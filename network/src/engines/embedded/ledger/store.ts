import { ClassicLevel } from 'classic-level';
import { mkdir } from 'node:fs/promises';
import { LruCache } from '@tracecal/ledger/identity';
import type { CommittedState, StateRecord } from '@tracecal/ledger/validation';
import { keyOf } from '@tracecal/ledger/wire';
import { whyNotOpened } from '../../../system/whyNotOpened.js';
import { LedgerError } from './errors.js';
import { decodeRecord } from './record.js';
import { RecentWrites } from './recentWrites.js';

type Database = ClassicLevel<Buffer, Buffer>;
type Snapshot = ReturnType<Database['snapshot']>;

export interface KeyRange {
  readonly gte: Uint8Array;
  readonly lt: Uint8Array;
  readonly reverse?: boolean;
}

export type Entry = readonly [key: Buffer, value: Buffer];

/** Reads of a snapshot, or of the latest state. */
export interface Reads {
  get(key: Uint8Array): Buffer | undefined;
  record(key: Uint8Array): StateRecord | undefined;
  scan(range: KeyRange): AsyncGenerator<Entry, void, undefined>;
}

export interface Write {
  readonly key: Uint8Array;
  /** Undefined deletes the key. */
  readonly value: Uint8Array | undefined;
}

const SCAN_SIZE = 128;
const COPIED_AT_ONCE = 1024;
/** Every key begins with a letter. */
const EVERYTHING: KeyRange = { gte: Buffer.from([0]), lt: Buffer.from([0xff]) };

/** Number of decoded records in the cache, and the size of the largest one with its key: at most 32 MiB. */
const MOST_CACHED = 4096;
const LONGEST_CACHED = 8192;

/** A committed record, or that there is none, and the moment at which this was so. */
interface Cached {
  readonly record: StateRecord | undefined;
  readonly at: number;
}

/** A channel's LevelDB: atomic batches, synchronous point reads (5 microseconds; a hop to the thread pool costs 80). */
export class Store implements Reads, CommittedState {
  readonly #database: Database;
  /** Committed records, none of them in a batch that is running. Callers never change a record. */
  readonly #cache = new LruCache<Cached>(MOST_CACHED);
  readonly #writes = new RecentWrites();

  private constructor(database: Database) {
    this.#database = database;
  }

  /** @throws LedgerError `STORE_IN_USE` or `CORRUPT_STORE` */
  static async open(directory: string): Promise<Store> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const database: Database = new ClassicLevel(directory, { keyEncoding: 'buffer', valueEncoding: 'buffer' });
    try {
      await database.open();
    } catch (error) {
      throw openingError(directory, error);
    }
    return new Store(database);
  }

  get(key: Uint8Array): Buffer | undefined {
    return this.#use((database) => database.getSync(asBuffer(key)));
  }

  record(key: Uint8Array): StateRecord | undefined {
    return this.#cached(key, this.#writes.now, (wanted) => this.get(wanted));
  }

  async *scan(range: KeyRange, snapshot?: Snapshot): AsyncGenerator<Entry, void, undefined> {
    const options = { ...range, gte: asBuffer(range.gte), lt: asBuffer(range.lt), ...(snapshot && { snapshot }) };
    const iterator = this.#use((database) => database.iterator(options));
    try {
      for (;;) {
        const entries = await iterator.nextv(SCAN_SIZE);
        if (entries.length === 0) {
          return;
        }
        yield* entries;
      }
    } finally {
      await iterator.close();
    }
  }

  async *records(range: KeyRange): AsyncGenerator<readonly [Buffer, StateRecord], void, undefined> {
    for await (const [key, value] of this.scan(range)) yield [key, decodeRecord(value)];
  }

  /** A view of the present state, unaffected by later writes. It must be released. */
  snapshot(): StoreSnapshot {
    const snapshot = this.#use((database) => database.snapshot());
    const taken = this.#writes.now;
    const get = (key: Uint8Array) => this.#use((database) => database.getSync(asBuffer(key), { snapshot }));
    return {
      get,
      record: (key) => this.#cached(key, taken, get),
      scan: (range) => this.scan(range, snapshot),
      release: () => {
        void snapshot.close();
      },
    };
  }

  /** A read from the cache, if that knows it since the snapshot was taken or longer: until a key is written, it stays the same. */
  #cached(key: Uint8Array, taken: number, get: (key: Uint8Array) => Buffer | undefined): StateRecord | undefined {
    const name = keyOf(key);
    const known = this.#database.status === 'open' ? this.#cache.get(name) : undefined;
    if (known && known.at <= taken) {
      return known.record;
    }
    const bytes = get(key);
    const record = bytes && decodeRecord(bytes);
    const length = key.length + (bytes?.length ?? 0);
    if (length <= LONGEST_CACHED && this.#writes.isUnwritten(name, taken)) {
      this.#cache.set(name, { record, at: taken });
    }
    return record;
  }

  /** Writes all or nothing; `durable` waits for the disk. */
  async write(writes: readonly Write[], durable: boolean): Promise<void> {
    const operations = writes.map(({ key, value }) =>
      value === undefined
        ? ({ type: 'del', key: asBuffer(key) } as const)
        : ({ type: 'put', key: asBuffer(key), value: asBuffer(value) } as const),
    );
    const names = new Set(writes.map(({ key }) => keyOf(key)));
    for (const name of names) this.#cache.delete(name);
    await this.#writes.during(names, () => this.#use((database) => database.batch(operations, { sync: durable })));
  }

  /** Writes the state of this moment into a new store, whatever is written meanwhile: a block is in it completely, or not at all. */
  async copyTo(directory: string): Promise<void> {
    const snapshot = this.snapshot();
    try {
      const copy = await Store.open(directory);
      await copy.#takeAll(snapshot).finally(() => copy.close());
    } finally {
      snapshot.release();
    }
  }

  async #takeAll(from: StoreSnapshot): Promise<void> {
    let writes: Write[] = [];
    for await (const [key, value] of from.scan(EVERYTHING)) {
      writes.push({ key, value });
      if (writes.length < COPIED_AT_ONCE) continue;
      await this.write(writes, false);
      writes = [];
    }
    await this.write(writes, true);
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  #use<T>(action: (database: Database) => T): T {
    if (this.#database.status !== 'open') {
      throw new LedgerError('CLOSED', 'The ledger is closed: the network is stopping.');
    }
    return action(this.#database);
  }
}

export interface StoreSnapshot extends Reads {
  release(): void;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function openingError(directory: string, error: unknown): LedgerError {
  const { locked, cause } = whyNotOpened(error);
  if (locked) {
    return new LedgerError(
      'STORE_IN_USE',
      `The ledger in ${directory} is open in another process: stop that network or use another data directory.`,
      { cause },
    );
  }
  return new LedgerError(
    'CORRUPT_STORE',
    `The ledger in ${directory} cannot be opened: restore it from a copy or start with an empty data directory.`,
    { cause },
  );
}
