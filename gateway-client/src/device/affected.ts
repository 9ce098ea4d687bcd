import { refusalText, RegistryError } from '@tracecal/core/model';
import type { VerdictStatus } from '@tracecal/core/trace';
import { relianceOn } from '../client/reliance.js';
import type { Wish } from '../client/reliance.js';
import type { Calibration } from './calibration.js';
import type { Moment, SignedMeasurement } from './measurement.js';

/** What the records say now about one value. */
export interface Support {
  readonly isSupported: boolean;
  /** It is null if the bundle does not hold what it takes to tell, or the value claims more than any calibration of its device gives. */
  readonly status: VerdictStatus | null;
  /** One sentence; about a value with the same verdict. */
  readonly reason: string;
}

/** Measurements that follow one another, in the same batch, with the same support. */
export interface SupportedRange extends Support {
  /** The first and last number. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly since: Moment;
  readonly until: Moment;
  /** The Merkle root of their batch; null if they are in none. */
  readonly root: string | null;
}

/** What a batch holds. */
export interface SupportedBatch {
  /** It is null for what is in no batch. */
  readonly root: string | null;
  readonly supported: number;
  readonly unsupported: number;
}

export interface Affected {
  readonly device: string;
  readonly supported: number;
  readonly unsupported: number;
  readonly batches: readonly SupportedBatch[];
  /** In the order of the numbers. */
  readonly ranges: readonly SupportedRange[];
}

/** Judges values as the records stand now, each distinct place and stretch of time once. */
export class SupportOfValues {
  readonly #calibration: Calibration;
  readonly #wish: Wish;
  readonly #known = new WeakMap<object, Support>();

  constructor(calibration: Calibration, wish: Wish = {}) {
    this.#calibration = calibration;
    this.#wish = wish;
  }

  async of({ content }: Pick<SignedMeasurement, 'content'>): Promise<Support> {
    try {
      const overclaimed = this.#calibration.whyOverclaimed(content);
      if (overclaimed !== null) {
        return { isSupported: false, status: null, reason: overclaimed };
      }
      const verdict = await this.#calibration.verdictOn(content);
      const known = this.#known.get(verdict) ?? {
        isSupported: relianceOn(verdict, this.#wish).mayRely,
        status: verdict.status,
        reason: verdict.reason,
      };
      this.#known.set(verdict, known);
      return known;
    } catch (error) {
      if (!(error instanceof RegistryError)) {
        throw error;
      }
      return { isSupported: false, status: null, reason: refusalText(error) };
    }
  }
}

/**
 * Which of a device's values its calibration supports, as the records stand now: what a standard that was found out later takes away.
 *
 * @param measurements In their order; their signatures are not checked.
 * @param rootOf The batch of a number, or null.
 */
export async function affectedValues(
  measurements: AsyncIterable<SignedMeasurement>,
  calibration: Calibration,
  { rootOf = () => null, ...wish }: Wish & { readonly rootOf?: (sequence: number) => string | null } = {},
): Promise<Affected> {
  const support = new SupportOfValues(calibration, wish);
  const ranges: SupportedRange[] = [];
  for await (const measurement of measurements) {
    const { sequence, time } = measurement.content;
    const found = await support.of(measurement);
    const root = rootOf(sequence);
    const last = ranges.at(-1);
    if (last?.root === root && isSame(last, found)) {
      ranges[ranges.length - 1] = { ...last, to: sequence, count: last.count + 1, until: time };
    } else {
      ranges.push({ from: sequence, to: sequence, count: 1, since: time, until: time, root, ...found });
    }
  }
  return { device: calibration.device, ...sum(ranges), batches: batchesIn(ranges), ranges };
}

function isSame(one: Support, other: Support): boolean {
  return one.isSupported === other.isSupported && one.status === other.status && one.reason === other.reason;
}

function sum(ranges: readonly SupportedRange[]): Pick<Affected, 'supported' | 'unsupported'> {
  const count = (wanted: boolean) =>
    ranges.filter(({ isSupported }) => isSupported === wanted).reduce((all, { count: own }) => all + own, 0);
  return { supported: count(true), unsupported: count(false) };
}

function batchesIn(ranges: readonly SupportedRange[]): readonly SupportedBatch[] {
  const byRoot = new Map<string | null, SupportedRange[]>();
  for (const range of ranges) {
    const own = byRoot.get(range.root) ?? [];
    own.push(range);
    byRoot.set(range.root, own);
  }
  return [...byRoot].map(([root, own]) => ({ root, ...sum(own) }));
}
