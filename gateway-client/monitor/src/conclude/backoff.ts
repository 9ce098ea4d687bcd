import { setTimeout as delay } from 'node:timers/promises';

export interface BackoffOptions {
  /** Pause after the first failure: 1,000 ms by default. It doubles with each further one. */
  readonly firstMs?: number;
  /** Longest pause: 300,000 ms by default. */
  readonly longestMs?: number;
  /** A number from 0 to 1: monitors that failed together do not come back together. */
  readonly random?: () => number;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Pauses that grow from failure to failure. */
export class Backoff {
  readonly #options: Required<BackoffOptions>;
  #failures = 0;

  constructor({ firstMs = 1000, longestMs = 300_000, random = Math.random, pause = pauseFor }: BackoffOptions = {}) {
    this.#options = { firstMs, longestMs, random, pause };
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** After a failure: resolves when it is time to try again, or at once when the signal is aborted. */
  async failed(signal: AbortSignal): Promise<void> {
    const { firstMs, longestMs, random, pause } = this.#options;
    const longest = Math.min(longestMs, firstMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 30);
    await pause(longest * (0.5 + random() / 2), signal);
  }
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
