import { hexText } from '@tracecal/core/platform';
import { sha256 } from '@tracecal/ledger/crypto';
import { everything, pendingKey } from './keys.js';
import type { Store, Write } from './store.js';

/** Number of blocks after which an endorsed transaction is dropped, as in a peer's transient store. */
const KEPT_BLOCKS = 1000;

interface PendingEntry {
  readonly height: number;
  readonly txId: string;
  readonly key: Buffer;
}

/**
 * Private writes between endorsement and commit, stored on disk at once. Endorsers may disagree about the same transaction, and one must
 * not replace the values of another. So all are kept, and the committed hashes decide.
 */
export class PendingPrivate {
  readonly #store: Store;
  /** In order of arrival, so by height. */
  readonly #entries: Set<PendingEntry>;
  readonly #byTxId = new Map<string, PendingEntry[]>();

  private constructor(store: Store, entries: readonly PendingEntry[]) {
    this.#store = store;
    this.#entries = new Set();
    entries.forEach((entry) => {
      this.#add(entry);
    });
  }

  static async load(store: Store): Promise<PendingPrivate> {
    const entries: PendingEntry[] = [];
    for await (const [key] of store.scan(everything('r'))) {
      const height = Number(key.readBigUInt64BE(1));
      const txId = key.toString('utf8', 9, key.indexOf(0, 9));
      entries.push({ height, txId, key });
    }
    return new PendingPrivate(store, entries);
  }

  async keep(txId: string, height: number, results: Uint8Array): Promise<void> {
    const entry = { height, txId, key: pendingKey(height, txId, hexText(sha256(results))) };
    // This survives the end of the process, but not yet a power failure: the next block's write flushes it.
    await this.#store.write([{ key: entry.key, value: results }], false);
    this.#add(entry);
  }

  of(txId: string): Uint8Array[] {
    return (this.#byTxId.get(txId) ?? []).flatMap(({ key }) => this.#store.get(key) ?? []);
  }

  /** Entries that a block with these transactions settles or makes obsolete. */
  settledBy(block: number, txIds: readonly string[]): PendingEntry[] {
    const settled = txIds.flatMap((txId) => this.#byTxId.get(txId) ?? []);
    for (const entry of this.#entries) {
      if (entry.height + KEPT_BLOCKS >= block) {
        break;
      }
      settled.push(entry);
    }
    return settled;
  }

  forget(entries: readonly PendingEntry[]): void {
    for (const entry of entries) {
      this.#entries.delete(entry);
      this.#byTxId.delete(entry.txId);
    }
  }

  #add(entry: PendingEntry): void {
    this.#entries.add(entry);
    this.#byTxId.set(entry.txId, [...(this.#byTxId.get(entry.txId) ?? []), entry]);
  }
}

export function removalOf(entries: readonly PendingEntry[]): Write[] {
  return entries.map(({ key }) => ({ key, value: undefined }));
}
