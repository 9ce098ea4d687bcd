const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** A process that ran for this long did not end because of its start. */
const SETTLED_MS = 60_000;

/** The delay before a process that ended by itself is restarted: doubled every time, up to half a minute. */
export class RestartDelay {
  #next = FIRST_MS;

  /**
   * @param ranMs How long it ran before it ended.
   * @returns milliseconds
   */
  after(ranMs: number): number {
    const delay = ranMs >= SETTLED_MS ? FIRST_MS : this.#next;
    this.#next = Math.min(2 * delay, LONGEST_MS);
    return delay;
  }
}
