import { Deadline } from './deadline.js';
import { TraceCalError } from './errors.js';

/** The default time of a call. */
export const DEFAULT_TIMEOUT_MS = 10_000;

/** The longest time that a Node timer can wait. */
const MOST_MS = 2 ** 31 - 1;

/**
 * Time that several calls share, also over several connections; for example, the limit for all calls of a program at boot. It
 * starts with the first call. A committed transaction restarts it, because it shows that the network answers.
 *
 * @example
 * const budget = new TimeBudget(5_000);
 * const tracecal = await connect({ profile: 'connection-oem-a.json', budget });
 */
export class TimeBudget {
  readonly timeoutMs: number;
  #deadline: Deadline | undefined;

  /** @throws TraceCalError `INPUT_INVALID` */
  constructor(timeoutMs = DEFAULT_TIMEOUT_MS) {
    this.timeoutMs = checkedTimeout(timeoutMs);
  }

  /** When everything must have ended. */
  get deadline(): Deadline {
    this.#deadline ??= new Deadline(this.timeoutMs);
    return this.#deadline;
  }

  /** Starts again. */
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
