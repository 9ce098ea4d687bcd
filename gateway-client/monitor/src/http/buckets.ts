export interface Rate {
  /** Requests a second, for as long as one likes. */
  readonly perSecond: number;
  /** Requests at once. */
  readonly burst: number;
}

/** Most names that are remembered. */
const MOST_NAMES = 10_000;

interface Level {
  readonly left: number;
  readonly at: number;
}

/** Token buckets, one a name. */
export class Buckets {
  readonly #rate: Rate;
  readonly #levels = new Map<string, Level>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Whether one more request is allowed, and counts it. @param now - Milliseconds. */
  take(name: string, now: number): boolean {
    const { perSecond, burst } = this.#rate;
    const { left, at } = this.#levels.get(name) ?? { left: burst, at: now };
    const level = Math.min(burst, left + (Math.max(0, now - at) / 1000) * perSecond);
    const isAllowed = level >= 1;
    // The least recently used is first.
    this.#levels.delete(name);
    this.#levels.set(name, { left: isAllowed ? level - 1 : level, at: now });
    const [oldest] = this.#levels.keys();
    if (this.#levels.size > MOST_NAMES && oldest !== undefined) this.#levels.delete(oldest);
    return isAllowed;
  }
}
