import { canonicalJson } from '@tracecal/core/model';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { findingId } from '../model/index.js';
import type { Finding } from '../model/index.js';
import type { Change, Collection, Store } from '../store/index.js';

const waitingAlert = z.strictObject({
  /** Of the alert to this receiver: the same however often it is sent. */
  id: z.string(),
  target: z.string(),
  /** Sent as it is, byte for byte, at each attempt. */
  body: z.string(),
  /** Milliseconds since 1970. */
  since: z.number(),
  attempts: z.number(),
  /** Milliseconds since 1970: not before. */
  next: z.number(),
  /** No more attempts are made. */
  dead: z.boolean(),
  lastFailure: z.string().optional(),
});

/** An alert that was not delivered yet. */
export type WaitingAlert = z.infer<typeof waitingAlert>;

export interface OutboxState {
  readonly waiting: number;
  readonly dead: number;
  /** Milliseconds since 1970 of the oldest alert that waits; absent with none. */
  readonly oldest?: number;
}

/** Alerts in the store until somebody has got them: a process that is killed and started again loses none. */
export class AlertOutbox {
  readonly #store: Store;
  readonly #alerts: Collection<WaitingAlert>;

  constructor(store: Store) {
    this.#store = store;
    this.#alerts = store.collection('alerts', waitingAlert);
  }

  /**
   * Changes that put an alert about a finding into the outbox, one for each receiver. Write them together with the finding: then there is
   * no finding without its alert. The same finding to the same receiver has the same id.
   */
  changesFor(finding: Finding, targets: readonly string[], now: number): readonly Change[] {
    const of = findingId(finding);
    const body = canonicalJson({ type: 'finding', finding: { id: of, ...finding } });
    return targets.map((target) => {
      const id = createHash('sha256').update(`${of} ${target}`).digest('hex');
      return this.#alerts.put(id, { id, target, body, since: now, attempts: 0, next: now, dead: false });
    });
  }

  /** Alerts to one receiver whose time has come, those that wait longest first. */
  async due(target: string, now: number): Promise<readonly WaitingAlert[]> {
    const all = await this.#all();
    return all
      .filter((alert) => alert.target === target && !alert.dead && alert.next <= now)
      .sort((one, other) => one.since - other.since);
  }

  async delivered({ id }: WaitingAlert): Promise<void> {
    await this.#store.write([this.#alerts.remove(id)]);
  }

  async failed(alert: WaitingAlert, change: Pick<WaitingAlert, 'next' | 'dead' | 'lastFailure'>): Promise<void> {
    await this.#store.write([this.#alerts.put(alert.id, { ...alert, ...change, attempts: alert.attempts + 1 })]);
  }

  /** Alerts that were given up, with their last failures. */
  async dead(): Promise<readonly WaitingAlert[]> {
    return (await this.#all()).filter(({ dead }) => dead);
  }

  /** Tries those again that were given up: their receiver works again. */
  async revive(target: string, now: number): Promise<number> {
    const dead = (await this.dead()).filter((alert) => alert.target === target);
    await this.#store.write(
      dead.map((alert) => this.#alerts.put(alert.id, { ...alert, attempts: 0, next: now, dead: false })),
    );
    return dead.length;
  }

  async state(): Promise<OutboxState> {
    const all = await this.#all();
    const waiting = all.filter(({ dead }) => !dead);
    const oldest = waiting.reduce((least, { since }) => Math.min(least, since), Number.POSITIVE_INFINITY);
    return {
      waiting: waiting.length,
      dead: all.length - waiting.length,
      ...(waiting.length > 0 && { oldest }),
    };
  }

  async #all(): Promise<readonly WaitingAlert[]> {
    const all: WaitingAlert[] = [];
    for await (const [, alert] of this.#alerts.entries()) all.push(alert);
    return all;
  }
}
