/** Number of batches that are remembered after their end. */
const REMEMBERED = 32;

/** A batch of writes, and the moment of its end: from then on every snapshot contains it. */
interface Batch {
  readonly names: ReadonlySet<string>;
  ended: number;
}

/**
 * Tells whether what a snapshot holds under a key is still so. Moments are counted by the starts and ends of batches; a snapshot that is
 * taken while a batch runs may contain it or not.
 */
export class RecentWrites {
  /** Oldest first, with those that are running. */
  readonly #batches: Batch[] = [];
  /** The latest end of a batch that is no longer remembered. */
  #forgotten = 0;
  #now = 0;

  /** The present moment. */
  get now(): number {
    return this.#now;
  }

  /** Runs a batch that writes these keys. */
  async during(names: ReadonlySet<string>, run: () => Promise<void>): Promise<void> {
    const batch = { names, ended: Infinity };
    this.#now += 1;
    this.#batches.push(batch);
    try {
      await run();
    } finally {
      this.#now += 1;
      batch.ended = this.#now;
      this.#forget();
    }
  }

  /** Whether no batch has written a key since a moment, or writes it now. False if that is not known any more. */
  isUnwritten(name: string, since: number): boolean {
    return this.#forgotten <= since && this.#batches.every(({ names, ended }) => ended <= since || !names.has(name));
  }

  #forget(): void {
    for (let [oldest] = this.#batches; oldest && this.#batches.length > REMEMBERED; [oldest] = this.#batches) {
      if (oldest.ended === Infinity) return;
      this.#forgotten = Math.max(this.#forgotten, oldest.ended);
      this.#batches.shift();
    }
  }
}
