import { MAX_MEASUREMENTS } from '@tracecal/core/contracts';
import { RegistryError } from '@tracecal/core/model';
import type { Instant, Jws } from '@tracecal/core/model';
import { includes, type Inclusion } from '../../device/batch.js';

/** A measurement as a site sends it: outside of the ledger, with its place in the batch that the ledger holds the root of. */
export interface SentMeasurement {
  readonly measurement: Jws;
  readonly inclusion: Inclusion;
}

/** A root on the site's channel. */
export interface AnchoredRoot {
  readonly root: string;
  readonly size: number;
  readonly time: Instant;
}

/** What a site does not show, or shows to the monitor alone. */
export interface FeedAlarm {
  readonly name: 'not-sent' | 'not-anchored';
  readonly root: string;
  readonly size: number;
  /** How many of its measurements came. */
  readonly received: number;
  /** One sentence. */
  readonly says: string;
}

export interface FeedOptions {
  /** How long values may come later than their root, or a root later than its values: 900 s by default. */
  readonly patienceSeconds?: number;
  /** Batches that are waited for at once; more are refused, because a sender could fill the memory: 10,000 by default. */
  readonly mostWaiting?: number;
}

/** More batches are incomplete than a monitor waits for: what comes is not lost if the sender keeps it. */
export class FeedFull extends Error {
  override readonly name = 'FeedFull';
}

interface Waiting {
  readonly root: string;
  readonly size: number;
  /** One bit a measurement. */
  readonly seen: Uint8Array;
  received: number;
  /** When it was first heard of, in milliseconds since 1970. */
  since: number;
  anchored: boolean;
}

const USUAL_PATIENCE_SECONDS = 900;
const USUAL_MOST_WAITING = 10_000;
/** Whole batches that are remembered: their values and roots may come again. */
const MOST_REMEMBERED = 50_000;

/**
 * Holds what a site sends against what it anchors. A site that anchors values and keeps some back hides them from the monitor; values that it
 * sends and does not anchor can be denied later. Neither shows in what is there, only in what is missing after some patience.
 */
export class Feed {
  readonly #patienceMs: number;
  readonly #mostWaiting: number;
  readonly #waiting = new Map<string, Waiting>();
  readonly #whole = new Set<string>();
  #complete = 0;

  constructor({ patienceSeconds = USUAL_PATIENCE_SECONDS, mostWaiting = USUAL_MOST_WAITING }: FeedOptions = {}) {
    this.#patienceMs = patienceSeconds * 1000;
    this.#mostWaiting = mostWaiting;
  }

  /** Batches that were anchored and came whole. */
  get complete(): number {
    return this.#complete;
  }

  /** Batches of which something is missing still. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * The ledger holds a root. To be called in the order of the channel, and again after a restart for whatever is not complete.
   * @throws FeedFull while too many batches are waited for
   */
  anchored({ root, size, time }: AnchoredRoot): void {
    const batch = this.#batch(root, size, Date.parse(time));
    if (!batch) return;
    batch.anchored = true;
    this.#settle(batch);
  }

  /**
   * A measurement came.
   *
   * @param now - When, in milliseconds since 1970.
   * @returns Whether it is new.
   * @throws RegistryError `INPUT_INVALID` if it is not in the batch that it names; FeedFull while too many batches are waited for
   */
  received({ measurement, inclusion }: SentMeasurement, now: number): boolean {
    if (inclusion.size > MAX_MEASUREMENTS || !includes(inclusion, measurement)) {
      throw new RegistryError(
        'INPUT_INVALID',
        'The measurement is not in the batch that it names: it was changed, or its proof was.',
      );
    }
    const batch = this.#batch(inclusion.root, inclusion.size, now);
    if (!batch) return false;
    const [byte, bit] = [inclusion.index >> 3, 1 << (inclusion.index & 7)];
    const known = batch.seen[byte] ?? 0;
    if ((known & bit) !== 0) return false;
    batch.seen[byte] = known | bit;
    batch.received += 1;
    this.#settle(batch);
    return true;
  }

  /** Batches of which something has been missing for longer than the patience, the longest first. They stay until it comes. */
  alarms(now: number): readonly FeedAlarm[] {
    return [...this.#waiting.values()]
      .filter(({ since }) => now - since > this.#patienceMs)
      .sort((one, other) => one.since - other.since)
      .flatMap(alarmsOf);
  }

  /** Undefined if it is whole already. */
  #batch(root: string, size: number, since: number): Waiting | undefined {
    const key = keyOf({ root, size });
    if (this.#whole.has(key)) return undefined;
    const known = this.#waiting.get(key);
    if (known) {
      known.since = Math.min(known.since, since);
      return known;
    }
    if (this.#waiting.size >= this.#mostWaiting) {
      throw new FeedFull(
        `${this.#mostWaiting} batches wait for their values or roots: take no more of this site until some are whole.`,
      );
    }
    const seen = new Uint8Array(Math.ceil(size / 8));
    const batch = { root, size, seen, received: 0, since, anchored: false };
    this.#waiting.set(key, batch);
    return batch;
  }

  #settle(batch: Waiting): void {
    if (!batch.anchored || batch.received < batch.size) return;
    this.#waiting.delete(keyOf(batch));
    this.#complete += 1;
    this.#whole.add(keyOf(batch));
    const [oldest] = this.#whole;
    if (this.#whole.size > MOST_REMEMBERED && oldest !== undefined) this.#whole.delete(oldest);
  }
}

function keyOf({ root, size }: Pick<Waiting, 'root' | 'size'>): string {
  return `${root} ${size}`;
}

function alarmsOf({ root, size, received, anchored }: Waiting): readonly FeedAlarm[] {
  const batch = { root, size, received };
  if (!anchored) {
    return [
      {
        ...batch,
        name: 'not-anchored',
        says: `${received} values were sent, and the ledger does not hold their root.`,
      },
    ];
  }
  return [{ ...batch, name: 'not-sent', says: `${size - received} of ${size} values were anchored and not sent.` }];
}
