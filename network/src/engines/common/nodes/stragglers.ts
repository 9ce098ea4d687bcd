/** How many blocks each orderer has of a channel; one that does not answer is left out. */
export type Heights = ReadonlyMap<string, number>;

interface Seen {
  readonly height: number;
  /** When it moved last, or was not behind. */
  at: number;
  told: boolean;
}

/**
 * Tells which orderers of a channel have come to a stop while others have later blocks. One is told once, until it has moved:
 * what did not help it will not help it the second time.
 */
export class Stragglers {
  readonly #patienceMs: number;
  readonly #seen = new Map<string, Seen>();

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** @param now milliseconds, from whatever beginning */
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
