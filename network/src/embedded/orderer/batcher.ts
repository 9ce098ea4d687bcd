import type { ChannelLedger } from '../ledger/types.js';

interface Waiting {
  readonly envelope: Uint8Array;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Cuts blocks for one channel. A block is cut as soon as none is being written, so a lone transaction waits for nobody
 * and under load everything that arrived during one write goes into the next.
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
  order(envelope: Uint8Array): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the ordering service is stopping'));
    return new Promise((resolve, reject) => {
      this.#queue.push({ envelope, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  /** Writes what is queued, then takes no more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
  }

  async #write(): Promise<void> {
    // Whatever else arrived in this turn of the event loop shares the block.
    await new Promise((done) => setImmediate(done));
    while (this.#queue.length > 0) {
      const batch = this.#cut();
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
    for (const { envelope } of this.#queue) {
      bytes += envelope.length;
      if (count > 0 && (count >= maxMessages || bytes > preferredMaxBytes)) break;
      count++;
    }
    return this.#queue.splice(0, count);
  }
}
