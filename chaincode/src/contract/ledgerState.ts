import type { Page, Stamp } from '@tracecal/core/contracts';
import { canonicalBytes, instantOf, RegistryError } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { getStates, putStates } from '../shim/index.js';
import type { Key } from './key.js';
import { ParsedRecords } from './parsed.js';
import { ask } from './query.js';
import type { Source } from './query.js';
import { recordIn, storedBytes } from './stored.js';
import type { Stub } from './stub.js';

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

const records = new ParsedRecords();

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
  /** What was read ahead: most of it, but not all, will be asked for. */
  readonly #ahead = new Map<string, Uint8Array | undefined>();
  readonly #writes = new Map<string, Uint8Array | undefined>();

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
    const known = this.#known.get(name) ?? this.#load(name, key);
    this.#known.set(name, known);
    return known as Promise<T | undefined>;
  }

  /** Reads records that will be asked for anyway, in as few messages as the peer permits. */
  async readAhead(keys: readonly Key[]): Promise<void> {
    const names = new Set(
      keys.map((key) => this.nameOf(key)).filter((name) => !this.#known.has(name) && !this.#ahead.has(name)),
    );
    const values = await getStates(this.stub, [...names]);
    for (const [index, name] of [...names].entries()) {
      this.#ahead.set(name, values[index]);
    }
  }

  /**
   * All entries under a prefix, in key order.
   * @param what They are, for people.
   * @throws RegistryError `INPUT_INVALID` if there are more than the limit: nobody hides some of them behind others
   */
  async list<T>(prefix: Key, limit: number, what: string): Promise<readonly Entry<T>[]> {
    const entries = await this.#collect<T>(prefix, await this.#iterate(prefix), limit + 1);
    if (entries.length > limit) {
      throw new RegistryError('INPUT_INVALID', `there are more than ${limit} ${what}: no answer tells all of them.`);
    }
    return entries;
  }

  async #collect<T>(prefix: Key, iterator: PageAnswer['iterator'], limit: number): Promise<readonly Entry<T>[]> {
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

  /**
   * All entries under a prefix of plain keys. A peer ends a range silently at its own limit, so it is asked again for what
   * follows the last key, until nothing does.
   */
  async listAll<T>(prefix: Key): Promise<readonly Entry<T>[]> {
    const [first, end] = this.#rangeOf(prefix);
    const entries: Entry<T>[] = [];
    let more = await this.#collect<T>(prefix, await this.stub.getStateByRange(first, end), Infinity);
    for (let last = more.at(-1); last; last = more.at(-1)) {
      entries.push(...more);
      // A space sorts before all that keys are made of.
      const next = `${first}${last.rest.join('/')} `;
      more = await this.#collect<T>(prefix, await this.stub.getStateByRange(next, end), Infinity);
    }
    return entries;
  }

  /** A page of entries under a prefix. Only for evaluations: Fabric refuses writes beside it. */
  async page<T>(prefix: Key, size: number, bookmark: string): Promise<Page<Entry<T>>> {
    // Fabric would begin wherever it says, among records of any kind.
    if (bookmark !== '' && !bookmark.startsWith(this.nameOf(prefix))) {
      throw new RegistryError('INPUT_INVALID', 'the bookmark belongs to a different query; begin again without one.');
    }
    const answer: PageAnswer = prefix.plain
      ? await this.stub.getStateByRangeWithPagination(...this.#rangeOf(prefix), size, bookmark)
      : await this.stub.getStateByPartialCompositeKeyWithPagination(
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

  /** @param value Undefined: there is no such record any more. */
  protected put(key: Key, value: unknown): void {
    this.#writes.set(this.nameOf(key), value === undefined ? undefined : storedBytes(value));
  }

  /** Ends a transaction: sends the peer what it wrote, and announces what it did. Fabric keeps one event a transaction. */
  protected async finish<T extends { readonly type: string }>(announcement: T): Promise<T> {
    await putStates(this.stub, this.#writes);
    this.stub.setEvent(announcement.type, canonicalBytes(announcement));
    return announcement;
  }

  protected nameOf({ type, attributes, plain }: Key): string {
    return plain ? [type, ...attributes].join('/') : this.stub.createCompositeKey(type, [...attributes]);
  }

  #iterate(prefix: Key) {
    return prefix.plain
      ? this.stub.getStateByRange(...this.#rangeOf(prefix))
      : this.stub.getStateByPartialCompositeKey(prefix.type, [...prefix.attributes]);
  }

  /** Of plain keys: "0" is what follows "/". */
  #rangeOf(prefix: Key): [start: string, end: string] {
    return [`${this.nameOf(prefix)}/`, `${this.nameOf(prefix)}0`];
  }

  #entry<T>(prefix: Key, { key, value }: { readonly key: string; readonly value: Uint8Array }): Entry<T> {
    const attributes = prefix.plain ? key.split('/').slice(1) : this.stub.splitCompositeKey(key).attributes;
    const record = recordIn(value, { ...prefix, attributes });
    return { rest: attributes.slice(prefix.attributes.length), value: record as T };
  }

  async #load(name: string, key: Key): Promise<unknown> {
    const bytes = this.#ahead.has(name) ? this.#ahead.get(name) : await this.stub.getState(name);
    return bytes === undefined || bytes.length === 0 ? undefined : records.get(`${this.channel} ${name}`, bytes, key);
  }
}

/** A contract's state, for transactions. */
export class LedgerWriter extends LedgerReader {
  write(key: Key, value: unknown): void {
    this.put(key, value);
  }

  /** Nothing is written before this. */
  conclude<T extends { readonly type: string }>(announcement: T): Promise<T> {
    return this.finish(announcement);
  }
}
