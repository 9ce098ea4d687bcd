import { setTimeout as pause } from 'node:timers/promises';
import type { AlertOutbox, WaitingAlert } from './outbox.js';
import { post } from './post.js';
import { signedHeaders } from './signature.js';
import type { AlertTarget } from './target.js';

export type AlertOutcome = 'delivered' | 'failed' | 'dead';

export interface AlertSenderOptions {
  readonly outbox: AlertOutbox;
  readonly targets: readonly AlertTarget[];
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** Attempts until an alert is given up: 16 by default, about six hours. */
  readonly mostAttempts?: number;
  /** The longest time for one attempt: 10,000 by default. */
  readonly timeoutMs?: number;
  /** What became of each attempt; for metrics and a log. */
  readonly onAttempt?: (target: string, outcome: AlertOutcome, why?: string) => void;
}

const USUAL_ATTEMPTS = 16;
const USUAL_TIMEOUT_MS = 10_000;
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 3_600_000;
const LOOK_MS = 1000;

/** How long to wait after so many attempts: 5 s, doubled each time, at most an hour. */
export function waitAfter(attempts: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), LONGEST_WAIT_MS);
}

/** Brings alerts from the outbox to their receivers, each at least once. */
export class AlertSender {
  readonly #options: AlertSenderOptions;
  readonly #clock: () => number;

  constructor(options: AlertSenderOptions) {
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
  }

  /** Tries all whose time has come, once. A receiver that fails or is slow does not hold up others. */
  async deliverDue(signal?: AbortSignal): Promise<void> {
    await Promise.all(this.#options.targets.map((target) => this.#deliverTo(target, signal)));
  }

  /** Delivers until the signal ends it. What was not delivered then stays in the outbox. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.deliverDue(signal);
      await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #deliverTo(target: AlertTarget, signal: AbortSignal | undefined): Promise<void> {
    for (const alert of await this.#options.outbox.due(target.name, this.#clock())) {
      if (signal?.aborted === true) return;
      // The others wait as well: a receiver that is down costs one timeout a round, not one for each alert.
      if (!(await this.#attempt(target, alert, signal))) return;
    }
  }

  async #attempt(target: AlertTarget, alert: WaitingAlert, signal: AbortSignal | undefined): Promise<boolean> {
    const { outbox, mostAttempts = USUAL_ATTEMPTS, timeoutMs = USUAL_TIMEOUT_MS, onAttempt } = this.#options;
    const seconds = Math.floor(this.#clock() / 1000);
    const { id, body } = alert;
    const headers = signedHeaders(target.secret, { id, body, seconds });
    const attempt = await post(target, { headers, body }, { timeoutMs, ...(signal && { signal }) });
    if (attempt.delivered) {
      await outbox.delivered(alert);
      onAttempt?.(target.name, 'delivered');
      return true;
    }
    // Ended by whoever runs it: that is not the receiver's failure.
    if (signal?.aborted === true) return false;
    const attempts = alert.attempts + 1;
    const dead = attempts >= mostAttempts;
    await outbox.failed(alert, { next: this.#clock() + waitAfter(attempts), dead, lastFailure: attempt.why });
    onAttempt?.(target.name, dead ? 'dead' : 'failed', attempt.why);
    return false;
  }
}
