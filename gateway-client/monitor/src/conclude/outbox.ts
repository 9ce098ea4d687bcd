import { findingShape } from '@tracecal/core/contracts';
import { shapeOf } from '@tracecal/core/model';
import { TraceCalError } from '@tracecal/gateway-client';
import { once } from 'node:events';
import { z } from 'zod';
import { findingId } from '../model/index.js';
import type { Finding } from '../model/index.js';
import type { Change, Collection, Store } from '../store/index.js';
import { Backoff } from './backoff.js';
import type { BackoffOptions } from './backoff.js';
import { firstPage } from './page.js';
import type { Waiting } from './page.js';

/** Where findings go: a site's monitoring compartment. It takes a finding again without an error. */
export interface FindingsLedger {
  recordFindings(findings: readonly Finding[]): Promise<unknown>;
}

/** What became of a finding that was put into the outbox. */
export interface Kept {
  readonly state: 'waiting' | 'recorded' | 'refused';
  /** Of a refused one. */
  readonly finding?: Finding | undefined;
  readonly why?: string | undefined;
}

export interface OutboxOptions {
  /** The site whose findings these are: a store may hold several outboxes. */
  readonly site: string;
  readonly ledger: FindingsLedger;
  readonly backoff?: BackoffOptions;
  /** What is to be written together with findings that are new: called once for each of them, in their order. */
  readonly alongside?: (fresh: readonly Finding[]) => readonly Change[];
  /** Told of every failure: of a page that will be sent again, or of a finding that the ledger refuses for good. */
  readonly onFailure?: (error: unknown, refused?: Finding) => void;
}

const waitingSchema = z.custom<Finding>((value) => findingShape.safeParse(value).success);
const keptSchema: z.ZodType<Kept> = z.strictObject({
  state: z.enum(['waiting', 'recorded', 'refused']),
  finding: waitingSchema.optional(),
  why: z.string().optional(),
});

/** The contract refuses what these say, however often it comes. Anything else may pass: the network, a suspension, a wrong clock. */
const FOR_GOOD = ['INPUT_INVALID', 'JSON_INVALID', 'JSON_TOO_LARGE'];
const PLACE_DIGITS = 15;

/**
 * Findings on their way to the ledger. Each is on disk before `put` returns, and stays there until the ledger has it; where nobody knows
 * whether it has, it is sent again. The ledger holds it once, because the same finding has the same id.
 */
export class Outbox {
  readonly #store: Store;
  readonly #ledger: FindingsLedger;
  readonly #waiting: Collection<Finding>;
  readonly #kept: Collection<Kept>;
  readonly #backoff: Backoff;
  readonly #onFailure: NonNullable<OutboxOptions['onFailure']>;
  readonly #alongside: NonNullable<OutboxOptions['alongside']>;
  /** Ends with what was put last: each finds what those before it have written. */
  #turn: Promise<unknown> = Promise.resolve();
  #next: number;
  #wake: () => void = () => undefined;

  private constructor(store: Store, options: OutboxOptions) {
    const { site, ledger, backoff, onFailure = () => undefined, alongside = () => [] } = options;
    this.#store = store;
    this.#alongside = alongside;
    this.#ledger = ledger;
    this.#waiting = store.collection(`findings waiting ${site}`, waitingSchema);
    this.#kept = store.collection(`findings ${site}`, keptSchema);
    this.#backoff = new Backoff(backoff);
    this.#onFailure = onFailure;
    this.#next = 0;
  }

  static async open(store: Store, options: OutboxOptions): Promise<Outbox> {
    const outbox = new Outbox(store, options);
    for await (const [place] of outbox.#waiting.entries({ reverse: true, limit: 1 })) {
      outbox.#next = Number(place) + 1;
    }
    return outbox;
  }

  /**
   * Keeps findings until the ledger has them. Those that were put before, in whichever run, are left out.
   *
   * @param beside Changes of the store that belong to them: all or nothing is written.
   * @returns Those that are new, once they are on disk.
   * @throws RegistryError `INPUT_INVALID` if one of them has not the form of a finding: then none is kept
   */
  put(findings: readonly Finding[], beside: readonly Change[] = []): Promise<readonly Finding[]> {
    for (const finding of findings) shapeOf(findingShape, `finding "${finding.name}"`, finding);
    const done = this.#turn.then(() => this.#keep(findings, beside));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** What became of a finding; undefined: it was never put. */
  get(id: string): Promise<Kept | undefined> {
    return this.#kept.get(id);
  }

  /** Those that wait, the oldest first. */
  async *waiting(): AsyncGenerator<Finding> {
    for await (const [, finding] of this.#waiting.entries()) yield finding;
  }

  /** Those that the ledger refused, by their ids. */
  async *refused(): AsyncGenerator<readonly [id: string, Kept]> {
    for await (const [id, kept] of this.#kept.entries()) if (kept.state === 'refused') yield [id, kept];
  }

  /** Sends all that waits. @throws whatever the ledger throws that may pass: the rest waits still */
  async send(): Promise<void> {
    for (;;) {
      const page = await firstPage(this.#waiting.entries());
      if (page.length === 0) return;
      await this.#record(page);
    }
  }

  /** Sends what waits and what comes, until the signal is aborted; after a failure it tries again, later each time. */
  async run(signal: AbortSignal): Promise<void> {
    const stopped = once(signal, 'abort');
    while (!signal.aborted) {
      const more = new Promise<void>((resolve) => (this.#wake = resolve));
      try {
        await this.send();
        this.#backoff.succeeded();
        await Promise.race([more, stopped]);
      } catch (error) {
        this.#onFailure(error);
        await this.#backoff.failed(signal);
      }
    }
  }

  async #keep(findings: readonly Finding[], beside: readonly Change[]): Promise<readonly Finding[]> {
    const fresh = new Map<string, Finding>();
    for (const finding of findings) {
      const id = findingId(finding);
      if (!(await this.#kept.get(id))) fresh.set(id, finding);
    }
    if (fresh.size === 0 && beside.length === 0) return [];
    const first = this.#next;
    this.#next += fresh.size;
    const changes = [...fresh].flatMap(([id, finding], index) => [
      this.#kept.put(id, { state: 'waiting' }),
      this.#waiting.put(String(first + index).padStart(PLACE_DIGITS, '0'), finding),
    ]);
    const added = [...fresh.values()];
    await this.#store.write([...changes, ...beside, ...this.#alongside(added)]);
    this.#wake();
    return added;
  }

  /** A finding that the ledger does not take holds up no other: the page is divided until it stands alone. */
  async #record(page: readonly Waiting[]): Promise<void> {
    try {
      await this.#ledger.recordFindings(page.map(([, finding]) => finding));
    } catch (error) {
      if (!(error instanceof TraceCalError && FOR_GOOD.includes(error.code))) throw error;
      if (page.length === 1) return this.#setAside(page, error);
      const half = Math.ceil(page.length / 2);
      await this.#record(page.slice(0, half));
      return this.#record(page.slice(half));
    }
    await this.#settle(page, { state: 'recorded' });
  }

  async #setAside(page: readonly Waiting[], error: TraceCalError): Promise<void> {
    for (const [place, finding] of page) {
      await this.#settle([[place, finding]], { state: 'refused', finding, why: error.message });
      this.#onFailure(error, finding);
    }
  }

  #settle(page: readonly Waiting[], kept: Kept): Promise<void> {
    return this.#store.write(
      page.flatMap(([place, finding]) => [this.#waiting.remove(place), this.#kept.put(findingId(finding), kept)]),
    );
  }
}
