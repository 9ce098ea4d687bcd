const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** Who has run for so long did not end because of how it was started. */
const SETTLED_MS = 60_000;

/** How long to wait before a process that ended by itself is started again: twice as long every time, up to half a minute. */
export class RestartDelay {
  #next = FIRST_MS;

  /** @param ranMs how long it has run before it ended. @returns milliseconds */
  after(ranMs: number): number {
    const delay = ranMs >= SETTLED_MS ? FIRST_MS : this.#next;
    this.#next = Math.min(2 * delay, LONGEST_MS);
    return delay;
  }
}
