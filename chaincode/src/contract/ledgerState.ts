import type { Page, Stamp } from '@tracecal/core/contracts';
import { canonicalBytes, instantOf, RegistryError } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { nameOfKey, recordIn, storedBytes } from '@tracecal/core/registry';
import type { Key } from '@tracecal/core/registry';
import { getStates, putStates } from '../shim/index.js';
import { ParsedRecords } from './parsed.js';
import { ask } from './query.js';
import type { Source } from './query.js';
import type { Stub } from './stub.js';

/** An entry of an index: the part of its key after the requested prefix, and its value. */
export interface Entry<T> {
  readonly rest: readonly string[];
  readonly value: T;
}

/**
 * The shim's real answer, which differs from its types: an empty page has no metadata, because empty metadata encodes to no
 * bytes.
 */
interface PageAnswer {
  readonly iterator: Awaited<ReturnType<Stub['getStateByPartialCompositeKey']>>;
  readonly metadata?: { readonly bookmark: string };
}

const records = new ParsedRecords();

/**
 * Read access to a contract's state. Evaluations get only this, so they cannot write. Each record is read at most once per
 * transaction; reads never see the transaction's own writes, so the result is the same.
 */
export class LedgerReader {
  protected readonly stub: Stub;
  readonly channel: string;
  /** The transaction and its time. The client chooses the time, so no check may depend on it alone. */
  readonly stamp: Stamp;
  readonly #known = new Map<string, Promise<unknown>>();
  /** Values read ahead. Most of them, but not all, will be used. */
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
    const name = nameOfKey(key);
    const known = this.#known.get(name) ?? this.#load(name, key);
    this.#known.set(name, known);
    return known as Promise<T | undefined>;
  }

  /** Prefetches records that will be needed anyway, in as few messages as the peer permits. */
  async readAhead(keys: readonly Key[]): Promise<void> {
    const names = new Set(
      keys.map((key) => nameOfKey(key)).filter((name) => !this.#known.has(name) && !this.#ahead.has(name)),
    );
    const values = await getStates(this.stub, [...names]);
    for (const [index, name] of [...names].entries()) {
      this.#ahead.set(name, values[index]);
    }
  }

  /**
   * All entries under a prefix, in key order.
   * @param what Description of the entries, for messages.
   * @throws RegistryError `INPUT_INVALID` if there are more than the limit, so that nobody can hide entries behind others
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
   * All entries under a prefix of plain keys. A peer ends a range at its own limit without an error, so the query is
   * repeated from the last key until it returns nothing.
   */
  async listAll<T>(prefix: Key): Promise<readonly Entry<T>[]> {
    const [first, end] = this.#rangeOf(prefix);
    const entries: Entry<T>[] = [];
    let more = await this.#collect<T>(prefix, await this.stub.getStateByRange(first, end), Infinity);
    for (let last = more.at(-1); last; last = more.at(-1)) {
      entries.push(...more);
      // A space sorts before every character that a key contains.
      const next = `${first}${last.rest.join('/')} `;
      more = await this.#collect<T>(prefix, await this.stub.getStateByRange(next, end), Infinity);
    }
    return entries;
  }

  /** The first entries of plain keys from one last attribute to another, both included; at most `limit`. */
  async between<T>(prefix: Key, first: string, last: string, limit: number): Promise<readonly Entry<T>[]> {
    const [start] = this.#rangeOf(prefix);
    // The end is not included: no key of the same length is between these two.
    const range = await this.stub.getStateByRange(`${start}${first}`, `${start}${last}0`);
    return this.#collect<T>(prefix, range, limit);
  }

  /** A page of entries under a prefix. Only for evaluations: Fabric rejects writes in a transaction that reads a page. */
  async page<T>(prefix: Key, size: number, bookmark: string): Promise<Page<Entry<T>>> {
    // A bookmark is checked first: Fabric would start at any key, also among records of another kind.
    if (bookmark !== '' && !bookmark.startsWith(nameOfKey(prefix))) {
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

  /** Queries a contract of a higher level. {@link ask} explains how far to trust the answer. */
  ask(source: Source, transaction: string, ...args: readonly string[]): Promise<string> {
    return ask(this.stub, source, transaction, ...args);
  }

  /** @param value Undefined deletes the record. */
  protected put(key: Key, value: unknown): void {
    this.#writes.set(nameOfKey(key), value === undefined ? undefined : storedBytes(value));
  }

  /** Ends a transaction: sends its writes to the peer and emits its event. Fabric keeps one event per transaction. */
  protected async finish<T extends { readonly type: string }>(announcement: T): Promise<T> {
    await this.send();
    this.stub.setEvent(announcement.type, canonicalBytes(announcement));
    return announcement;
  }

  /** Sends the writes to the peer. */
  protected send(): Promise<void> {
    return putStates(this.stub, this.#writes);
  }

  #iterate(prefix: Key) {
    return prefix.plain
      ? this.stub.getStateByRange(...this.#rangeOf(prefix))
      : this.stub.getStateByPartialCompositeKey(prefix.type, [...prefix.attributes]);
  }

  /** For plain keys: "0" is the character after "/". */
  #rangeOf(prefix: Key): [start: string, end: string] {
    return [`${nameOfKey(prefix)}/`, `${nameOfKey(prefix)}0`];
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

/** Read and write access to a contract's state, for transactions. */
export class LedgerWriter extends LedgerReader {
  write(key: Key, value: unknown): void {
    this.put(key, value);
  }

  /** Nothing is written before this call. */
  conclude<T extends { readonly type: string }>(announcement: T): Promise<T> {
    return this.finish(announcement);
  }

  /** As {@link conclude}, for what concerns nobody who follows the ledger. */
  concludeUnannounced(): Promise<void> {
    return this.send();
  }
}
