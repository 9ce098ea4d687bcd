import { TraceCalError } from './errors.js';

/** How long a call may take where nobody says. */
export const DEFAULT_TIMEOUT_MS = 10_000;

/** The longest time that a timer of Node can wait. */
const MOST_MS = 2 ** 31 - 1;

/**
 * Time that several calls share, over several connections: what a program does at boot ends within it. It begins with the first
 * call. A transaction that is committed begins it anew, because the network does answer.
 *
 * @example
 * const budget = new TimeBudget(5_000);
 * const tracecal = await connect({ profile: 'connection-oem-a.json', budget });
 */
export class TimeBudget {
  readonly timeoutMs: number;
  #deadline: number | undefined;

  /** @throws TraceCalError `INPUT_INVALID` */
  constructor(timeoutMs = DEFAULT_TIMEOUT_MS) {
    this.timeoutMs = checkedTimeout(timeoutMs);
  }

  /** When everything has to have ended, in milliseconds since 1970. */
  get deadline(): number {
    this.#deadline ??= Date.now() + this.timeoutMs;
    return this.#deadline;
  }

  /** Begins anew. */
  renew(): void {
    this.#deadline = undefined;
  }
}

/** @throws TraceCalError `INPUT_INVALID` */
export function checkedTimeout(timeoutMs: number): number {
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 1 && timeoutMs <= MOST_MS)) {
    throw new TraceCalError(
      'INPUT_INVALID',
      `A timeout is a number of milliseconds from 1 to ${MOST_MS}, not ${String(timeoutMs)}.`,
    );
  }
  return timeoutMs;
}
