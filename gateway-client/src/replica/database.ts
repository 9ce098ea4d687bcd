import { ClassicLevel } from 'classic-level';
import type { CommittedState, PlaceRange, StateRecord } from '@tracecal/ledger/validation';
import { clientError } from '../client/errors.js';
import { decodeRecord } from './stateRecord.js';

type Level = ClassicLevel<Uint8Array, Uint8Array>;

export interface Write {
  readonly key: Uint8Array;
  /** Undefined deletes the key. */
  readonly value: Uint8Array | undefined;
}

/** What can be read, at one moment. */
export interface Reads {
  get(key: Uint8Array): Uint8Array | undefined;
  /** In the order of the keys' bytes. */
  entries(range: PlaceRange): AsyncGenerator<readonly [key: Uint8Array, value: Uint8Array], void, undefined>;
}

/** What is read here was written here: what cannot be read was damaged since. @throws TraceCalError `REPLICA_DAMAGED` */
function undamaged<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw clientError('REPLICA_DAMAGED', cause instanceof Error ? cause.message : undefined, { cause });
  }
}

async function* undamagedEntries<T>(entries: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  const iterator = entries[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await iterator.next().catch((cause: unknown) =>
        undamaged<never>(() => {
          throw cause;
        }),
      );
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** An open LevelDB: reads by key are synchronous, and writes are all or nothing. */
export class Database implements Reads, CommittedState {
  readonly #level: Level;

  private constructor(level: Level) {
    this.#level = level;
  }

  /** @throws Error of LevelDB */
  static async open(directory: string, options: { readonly createIfMissing: boolean }): Promise<Database> {
    const level: Level = new ClassicLevel(directory, { ...options, keyEncoding: 'view', valueEncoding: 'view' });
    await level.open();
    return new Database(level);
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return undamaged(() => this.#level.getSync(key));
  }

  async *entries(range: PlaceRange): AsyncGenerator<readonly [Uint8Array, Uint8Array], void, undefined> {
    yield* undamagedEntries(this.#level.iterator(range));
  }

  record(place: Uint8Array): StateRecord | undefined {
    const bytes = this.get(place);
    return bytes && decodeRecord(bytes);
  }

  async *records(range: PlaceRange): AsyncGenerator<readonly [Uint8Array, StateRecord], void, undefined> {
    for await (const [place, bytes] of this.entries(range)) yield [place, decodeRecord(bytes)];
  }

  /** Reads at this moment, whatever is written meanwhile. */
  async atThisMoment<T>(work: (reads: Reads) => Promise<T>): Promise<T> {
    const level = this.#level;
    const snapshot = level.snapshot();
    try {
      return await work({
        get: (key) => undamaged(() => level.getSync(key, { snapshot })),
        async *entries(range) {
          yield* undamagedEntries(level.iterator({ ...range, snapshot }));
        },
      });
    } finally {
      await snapshot.close();
    }
  }

  /**
   * Writes all or nothing. It outlives the end of the process; a power failure may undo the last writes together, and then those
   * blocks are fetched again.
   */
  async write(writes: readonly Write[]): Promise<void> {
    await this.#level.batch(
      writes.map(({ key, value }) =>
        value === undefined ? ({ type: 'del', key } as const) : ({ type: 'put', key, value } as const),
      ),
    );
  }

  close(): Promise<void> {
    return this.#level.close();
  }
}
