/** Number of blocks of a channel on each orderer; one that does not answer is left out. */
export type Heights = ReadonlyMap<string, number>;

interface Seen {
  readonly height: number;
  /** The last time that it moved, or was not behind. */
  at: number;
  told: boolean;
}

/**
 * Finds the orderers of a channel that have stopped while others have later blocks. Each is reported once until it moves again: a restart
 * that did not help will not help the second time.
 */
export class Stragglers {
  readonly #patienceMs: number;
  readonly #seen = new Map<string, Seen>();

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** @param now Milliseconds since any fixed moment. */
  find(heights: Heights, now: number): readonly string[] {
    const highest = Math.max(...heights.values());
    for (const [name, seen] of this.#seen) if (heights.get(name) === undefined) seen.at = now;
    return [...heights].filter(([name, height]) => this.#straggles(name, height, highest, now)).map(([name]) => name);
  }

  #straggles(name: string, height: number, highest: number, now: number): boolean {
    const seen = this.#seen.get(name);
    if (seen?.height !== height) {
      this.#seen.set(name, { height, at: now, told: false });
      return false;
    }
    if (height === highest) seen.at = now;
    if (seen.told || now - seen.at < this.#patienceMs) return false;
    seen.told = true;
    return true;
  }
}
