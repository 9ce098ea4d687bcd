import type { MemoryCaller, MemoryLedger, Simulation } from './memoryLedger.js';

interface KeyValue {
  readonly key: string;
  readonly value: Buffer;
}

const NAMESPACE = '\u0000';

/**
 * The part of the chaincode stub that contracts use, over a map. As on a peer: reads see committed state only, keys are in
 * byte order, writes beside a paginated query are refused. Keys cannot be given a policy: none of ours has one, since it would
 * take the place of the channel's.
 */
export class MemoryStub {
  readonly #ledger: MemoryLedger;
  readonly #txId: string;
  readonly #caller: MemoryCaller;
  readonly #call: readonly [fcn: string, params: readonly string[]];
  readonly #reads: string[] = [];
  readonly #writes = new Map<string, Buffer>();
  #event: Simulation['event'];
  #paginated = false;

  constructor(ledger: MemoryLedger, txId: string, caller: MemoryCaller, fcn: string, params: readonly string[]) {
    this.#ledger = ledger;
    this.#txId = txId;
    this.#caller = caller;
    this.#call = [fcn, params];
  }

  result(): Omit<Simulation, 'answer' | 'txId'> {
    return { reads: this.#reads, writes: this.#writes, event: this.#event };
  }

  getFunctionAndParameters(): { fcn: string; params: readonly string[] } {
    return { fcn: this.#call[0], params: this.#call[1] };
  }

  getTxID(): string {
    return this.#txId;
  }

  getChannelID(): string {
    return this.#ledger.channel;
  }

  getDateTimestamp(): Date {
    return new Date(this.#ledger.now);
  }

  getState(key: string): Promise<Buffer> {
    this.#reads.push(key);
    return Promise.resolve(this.#ledger.state.get(key) ?? Buffer.alloc(0));
  }

  putState(key: string, value: Uint8Array): Promise<void> {
    if (this.#paginated) {
      return Promise.reject(new Error('a paginated query was made: no writes'));
    }
    this.#writes.set(key, Buffer.from(value));
    return Promise.resolve();
  }

  deleteState(key: string): Promise<void> {
    return this.putState(key, Buffer.alloc(0));
  }

  setEvent(name: string, payload: Uint8Array): void {
    this.#event = { name, payload: JSON.parse(Buffer.from(payload).toString('utf8')) };
  }

  /** A query of a chaincode on another channel: it sees who called in the first place, and nothing of it is written. */
  async invokeChaincode(chaincode: string, [fcn = '', ...params]: readonly string[], channel: string) {
    const target = this.#ledger.others.get(`${chaincode}/${channel}`);
    if (!target) {
      throw new Error(`INVOKE_CHAINCODE failed: could not launch chaincode ${chaincode} on ${channel}`);
    }
    try {
      const { answer } = await target.simulate(this.#caller, fcn.split(':').at(-1) ?? '', ...params);
      return { status: 200, message: '', payload: Buffer.from(answer) };
    } catch (error) {
      return { status: 500, message: (error as Error).message, payload: Buffer.alloc(0) };
    }
  }

  createCompositeKey(type: string, attributes: readonly string[]): string {
    return NAMESPACE + [type, ...attributes].map((part) => `${part}${NAMESPACE}`).join('');
  }

  splitCompositeKey(key: string): { objectType: string; attributes: string[] } {
    const [objectType = '', ...attributes] = key.slice(1).split(NAMESPACE);
    return { objectType, attributes: attributes.slice(0, -1) };
  }

  getStateByPartialCompositeKey(type: string, attributes: readonly string[]) {
    return Promise.resolve(iterate(this.#range(type, attributes, '').slice(0, this.#ledger.totalQueryLimit)));
  }

  getStateByPartialCompositeKeyWithPagination(
    type: string,
    attributes: readonly string[],
    pageSize: number,
    bookmark: string,
  ) {
    this.#paginated = true;
    const found = this.#range(type, attributes, bookmark);
    const page = found.slice(0, pageSize);
    const metadata = { fetchedRecordsCount: page.length, bookmark: found[pageSize]?.key ?? '' };
    // The shim drops metadata that encodes to no bytes.
    return Promise.resolve({ iterator: iterate(page), ...(page.length > 0 && { metadata }) });
  }

  getStateByRange(start: string, end: string) {
    return Promise.resolve(iterate(this.#between(start, end).slice(0, this.#ledger.totalQueryLimit)));
  }

  getStateByRangeWithPagination(start: string, end: string, pageSize: number, bookmark: string) {
    this.#paginated = true;
    const found = this.#between(bookmark === '' ? start : bookmark, end);
    const page = found.slice(0, pageSize);
    const metadata = { fetchedRecordsCount: page.length, bookmark: found[pageSize]?.key ?? '' };
    return Promise.resolve({ iterator: iterate(page), ...(page.length > 0 && { metadata }) });
  }

  #between(start: string, end: string): readonly KeyValue[] {
    return [...this.#ledger.state]
      .filter(([key]) => key >= start && key < end)
      .map(([key, value]) => ({ key, value }))
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }

  #range(type: string, attributes: readonly string[], from: string): readonly KeyValue[] {
    const prefix = this.createCompositeKey(type, attributes);
    return [...this.#ledger.state]
      .filter(([key]) => key.startsWith(prefix) && key.length > prefix.length && key >= from)
      .map(([key, value]) => ({ key, value }))
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }
}

function iterate<T>(items: readonly T[]) {
  let at = 0;
  return {
    next: () => {
      const value = items[at];
      at += 1;
      return Promise.resolve(value === undefined ? { done: true } : { done: false, value });
    },
    close: () => Promise.resolve(),
  };
}
