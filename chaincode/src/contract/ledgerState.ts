import type { Context } from 'fabric-contract-api';
import { canonicalBytes, instantOf, Memo, RegistryError } from '../model/index.js';
import type { Instant, Stamp } from '../model/index.js';
import { getStates } from '../shim/index.js';
import type { Key } from './key.js';
import type { Page } from './page.js';
import { ask } from './query.js';
import type { Source } from './query.js';

export type Stub = Context['stub'];

/** A version of a record. */
export interface Version {
  readonly txId: string;
  readonly time: Instant;
  readonly value: unknown;
}

/** An entry of an index: the part of its key after the prefix that was asked for, and its value. */
export interface Entry<T> {
  readonly rest: readonly string[];
  readonly value: T;
}

/** What the shim answers, against its own types: an empty page comes without metadata, since that encodes to no bytes. */
interface PageAnswer {
  readonly iterator: Awaited<ReturnType<Stub['getStateByPartialCompositeKey']>>;
  readonly metadata?: { readonly bookmark: string };
}

/** Most versions of a record that its history looks at. */
const MAX_VERSIONS = 10_000;

/**
 * A contract's state, for reading: what evaluations get, so that they cannot write. Reads each record at most once a
 * transaction (reads never see the transaction's own writes, so that is the same).
 */
export class LedgerReader {
  protected readonly stub: Stub;
  readonly channel: string;
  /** The transaction and its time, which its client chose: never the only guard of anything. */
  readonly stamp: Stamp;
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(stub: Stub) {
    this.stub = stub;
    this.channel = stub.getChannelID();
    this.stamp = { txId: stub.getTxID(), time: instantOf(stub.getDateTimestamp().getTime()) };
  }

  get now(): Instant {
    return this.stamp.time;
  }

  read<T>(key: Key): Promise<T | undefined> {
    const name = this.nameOf(key);
    const known = this.#known.get(name) ?? this.#load(name);
    this.#known.set(name, known);
    return known as Promise<T | undefined>;
  }

  /** Reads records that will be asked for anyway, in as few messages as the peer permits. */
  async readAhead(keys: readonly Key[]): Promise<void> {
    const names = new Set(keys.map((key) => this.nameOf(key)).filter((name) => !this.#known.has(name)));
    const values = await getStates(this.stub, [...names]);
    for (const [index, name] of [...names].entries()) {
      this.#known.set(name, Promise.resolve(record(values[index])));
    }
  }

  /** All entries under a prefix, in key order, up to a limit. */
  async list<T>(prefix: Key, limit: number): Promise<readonly Entry<T>[]> {
    const iterator = await this.stub.getStateByPartialCompositeKey(prefix.type, [...prefix.attributes]);
    const entries: Entry<T>[] = [];
    try {
      for (let next = await iterator.next(); entries.length < limit && !next.done; next = await iterator.next()) {
        entries.push(this.#entry(prefix, next.value));
      }
    } finally {
      await iterator.close();
    }
    return entries;
  }

  /** A page of entries under a prefix. Only for evaluations: Fabric refuses writes beside it. */
  async page<T>(prefix: Key, size: number, bookmark: string): Promise<Page<Entry<T>>> {
    // Fabric would begin wherever it says, among records of any kind.
    if (bookmark !== '' && !bookmark.startsWith(this.nameOf(prefix))) {
      throw new RegistryError('INPUT_INVALID', 'the bookmark is not of this question; begin again without one.');
    }
    const answer: PageAnswer = await this.stub.getStateByPartialCompositeKeyWithPagination(
      prefix.type,
      [...prefix.attributes],
      size,
      bookmark,
    );
    const items: Entry<T>[] = [];
    try {
      for (let next = await answer.iterator.next(); !next.done; next = await answer.iterator.next()) {
        items.push(this.#entry(prefix, next.value));
      }
    } finally {
      await answer.iterator.close();
    }
    return { items, bookmark: items.length < size ? '' : (answer.metadata?.bookmark ?? '') };
  }

  /** The bookmark at which a page begins with this key, or the first one after it. */
  placeOf(key: Key): string {
    return this.nameOf(key);
  }

  /** Asks a contract of a higher level; see {@link ask} for what such an answer is worth. */
  ask(source: Source, transaction: string, ...args: readonly string[]): Promise<string> {
    return ask(this.stub, source, transaction, ...args);
  }

  /** Every version of a record, oldest first. Only for evaluations: Fabric does not validate it again. */
  async versions(key: Key): Promise<readonly Version[]> {
    const iterator = await this.stub.getHistoryForKey(this.nameOf(key));
    const versions: Version[] = [];
    try {
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
        if (versions.length === MAX_VERSIONS) {
          throw new RegistryError(
            'INPUT_INVALID',
            `the record has more than ${MAX_VERSIONS} versions, more than one answer holds: follow the channel's events instead.`,
          );
        }
        const { txId, timestamp, value } = next.value;
        versions.push({ txId, time: instantOf(Number(timestamp.seconds) * 1000), value: parse(value) });
      }
    } finally {
      await iterator.close();
    }
    return versions.reverse();
  }

  protected put(key: Key, bytes: Uint8Array): Promise<void> {
    return this.stub.putState(this.nameOf(key), bytes);
  }

  protected nameOf({ type, attributes }: Key): string {
    return this.stub.createCompositeKey(type, [...attributes]);
  }

  #entry<T>(prefix: Key, { key, value }: { readonly key: string; readonly value: Uint8Array }): Entry<T> {
    const { attributes } = this.stub.splitCompositeKey(key);
    return { rest: attributes.slice(prefix.attributes.length), value: parse(value) as T };
  }

  async #load(name: string): Promise<unknown> {
    return record(await this.stub.getState(name));
  }
}

/** A contract's state, for transactions. Values are canonical JSON, so that endorsers write the same bytes. */
export class LedgerWriter extends LedgerReader {
  write(key: Key, value: unknown): Promise<void> {
    return this.put(key, canonicalBytes(value));
  }

  /** Fabric keeps one event a transaction: the last. */
  announce<T extends { readonly type: string }>(announcement: T): T {
    return announce(this.stub, announcement);
  }
}

/** Emits what a transaction did, and returns it as its answer. */
export function announce<T extends { readonly type: string }>(stub: Stub, announcement: T): T {
  stub.setEvent(announcement.type, canonicalBytes(announcement));
  return announcement;
}

function record(bytes: Uint8Array | undefined): unknown {
  return bytes === undefined || bytes.length === 0 ? undefined : parse(bytes);
}

const records = new Memo<unknown>(4096);

// Only a contract's own canonical JSON is ever read back: its types are known.
function parse(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return records.get(text, (shared) => JSON.parse(text, shared ? frozen : undefined) as unknown);
}

function frozen(_name: string, value: unknown): unknown {
  return Object.freeze(value);
}
