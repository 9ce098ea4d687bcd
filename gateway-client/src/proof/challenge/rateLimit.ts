import { isIPv6 } from 'node:net';

/** Most addresses that are remembered: the longest unheard one is forgotten first. The limit for all together holds all the same. */
const MOST_ADDRESSES = 10_000;
const MINUTE_MS = 60_000;

/** How often questions are answered, each a minute. Unused ones are saved up to one minute's. */
export interface Rates {
  /** Of all askers together. */
  readonly total: number;
  /** Of one address. */
  readonly each: number;
}

/** Limits questions by one address, and by all together (token buckets). */
export class RateLimit {
  readonly #rates: Rates;
  readonly #all: Bucket;
  /** In the order in which they last asked. */
  readonly #addresses = new Map<string, Bucket>();

  constructor(rates: Rates, now: number) {
    this.#rates = rates;
    this.#all = { tokens: rates.total, filled: now };
  }

  /**
   * Takes a question of an address.
   *
   * @param now In milliseconds, of a clock that never goes back.
   * @returns The seconds after which to ask again; 0: it is taken.
   */
  take(address: string, now: number): number {
    const place = networkOf(address);
    const own = this.#addresses.get(place) ?? { tokens: this.#rates.each, filled: now };
    this.#addresses.delete(place);
    this.#addresses.set(place, own);
    const [oldest] = this.#addresses.keys();
    if (this.#addresses.size > MOST_ADDRESSES && oldest !== undefined) this.#addresses.delete(oldest);
    const wait = Math.max(waitOf(own, this.#rates.each, now), waitOf(this.#all, this.#rates.total, now));
    if (wait === 0) {
      own.tokens -= 1;
      this.#all.tokens -= 1;
    }
    return wait;
  }

  /** How many addresses are remembered. */
  get remembered(): number {
    return this.#addresses.size;
  }
}

interface Bucket {
  tokens: number;
  filled: number;
}

/** Fills a bucket. @returns Whole seconds until it has a token; 0: it has one */
function waitOf(bucket: Bucket, rate: number, now: number): number {
  bucket.tokens = Math.min(rate, bucket.tokens + ((now - bucket.filled) * rate) / MINUTE_MS);
  bucket.filled = now;
  return bucket.tokens >= 1 ? 0 : Math.ceil(((1 - bucket.tokens) * MINUTE_MS) / rate / 1000);
}

const GROUPS = 8;
/** Of an address of version 6, what one subscriber has: 64 bits. */
const GROUPS_OF_NETWORK = 4;

/** What counts as one asker: an address of version 4, or the network of one of version 6. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [before = [], after = []] = address.split('::').map(groupsIn);
  const zeros = Array<string>(Math.max(0, GROUPS - before.length - after.length)).fill('0');
  return [...before, ...zeros, ...after].slice(0, GROUPS_OF_NETWORK).join(':');
}

function groupsIn(part: string): readonly string[] {
  return part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16).toString(16));
}
