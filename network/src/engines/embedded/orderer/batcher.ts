import type { ChannelLedger } from '../ledger/types.js';

interface Waiting extends Ordered {
  /** The configuration under which the envelope was admitted. */
  readonly access: unknown;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** An envelope to be put into a block. */
export interface Ordered {
  readonly envelope: Uint8Array;
  /** A configuration needs a block of its own. */
  readonly alone: boolean;
  /**
   * Checks again whether it may be ordered, if the configuration has changed since.
   * @throws when it may not
   */
  readonly admit: () => void;
}

/**
 * Cuts blocks for one channel. A block is cut whenever no other is being written, so a single transaction does not wait, and under load
 * everything that arrived during one write goes into the next block.
 */
export class Batcher {
  readonly #ledger: ChannelLedger;
  #queue: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #closed = false;

  constructor(ledger: ChannelLedger) {
    this.#ledger = ledger;
  }

  /** Resolves once a block that holds the envelope is durable. */
  order(ordered: Ordered): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the ordering service is stopping'));
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...ordered, access: this.#ledger.access, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  /** Writes the queued envelopes, then accepts no more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
  }

  async #write(): Promise<void> {
    // Envelopes that arrived in this turn of the event loop share the block.
    await new Promise((done) => setImmediate(done));
    while (this.#queue.length > 0) {
      const batch = this.#cut().filter((waiting) => this.#isStillAdmitted(waiting));
      if (batch.length === 0) continue;
      try {
        await this.#ledger.commit(batch.map(({ envelope }) => envelope));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#writing = undefined;
  }

  #cut(): Waiting[] {
    const { maxMessages, preferredMaxBytes } = this.#ledger.access.batch;
    let bytes = 0;
    let count = 0;
    for (const { envelope, alone } of this.#queue) {
      bytes += envelope.length;
      if (alone) return this.#queue.splice(0, Math.max(count, 1));
      if (count > 0 && (count >= maxMessages || bytes > preferredMaxBytes)) break;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  #isStillAdmitted({ access, admit, reject }: Waiting): boolean {
    if (access === this.#ledger.access) return true;
    try {
      admit();
      return true;
    } catch (error) {
      reject(error);
      return false;
    }
  }
}
