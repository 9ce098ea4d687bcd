import { RegistryError } from '@tracecal/core/model';
import { quantileOfT, sampleOf } from '../statistics/index.js';
import type { ReadCount } from './log.js';

/** A month in which an identity read much more on a channel than in the months before. */
export interface UnusualReads {
  readonly name: 'unusual-reads';
  readonly identity: string;
  readonly channel: string;
  /** `2026-03` */
  readonly month: string;
  readonly count: number;
  /** More than this is unusual. */
  readonly limit: number;
  readonly says: string;
}

export interface UnusualOptions {
  /** Chance with which an identity whose habits did not change is named in a month: 0.001 by default. */
  readonly chance?: number;
  /** Months that must be known before one is judged: 6 by default. */
  readonly leastMonths?: number;
}

/**
 * Compares the reads of a month with those of all months before, from the first one in which anything was read. Counts scatter more than
 * chance alone would bring (people have busy months), so their square roots are compared by a prediction interval of Student's t, with a
 * standard deviation of at least 0.5, which a Poisson count has. A new identity has months of zero before.
 *
 * @throws RegistryError `INPUT_INVALID` if the month is no month
 */
export function unusualReads(
  counts: readonly ReadCount[],
  month: string,
  { chance = 0.001, leastMonths = 6 }: UnusualOptions = {},
): readonly UnusualReads[] {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) {
    throw new RegistryError('INPUT_INVALID', `${month} is no month: write it like 2026-03.`);
  }
  const first = counts.reduce((least, { day }) => (day < least ? day : least), month).slice(0, 7);
  const before = monthsBetween(first, month);
  if (before.length < Math.max(2, leastMonths)) return [];
  return [...byReader(counts).values()].flatMap(({ identity, channel, months }) => {
    const count = months.get(month) ?? 0;
    const limit = limitOf(
      before.map((each) => months.get(each) ?? 0),
      chance,
    );
    if (count <= limit) return [];
    const says = `It read ${count} times on ${channel} in ${month}; up to ${Math.floor(limit)} times would be usual.`;
    return [{ name: 'unusual-reads' as const, identity, channel, month, count, limit, says }];
  });
}

function limitOf(earlier: readonly number[], chance: number): number {
  const { count, mean, deviation } = sampleOf(earlier.map(Math.sqrt));
  const widest = Math.max(deviation, 0.5) * Math.sqrt(1 + 1 / count);
  return (mean + quantileOfT(2 * chance, count - 1) * widest) ** 2;
}

interface Reader {
  readonly identity: string;
  readonly channel: string;
  readonly months: Map<string, number>;
}

function byReader(counts: readonly ReadCount[]): Map<string, Reader> {
  const readers = new Map<string, Reader>();
  for (const { identity, channel, day, count } of counts) {
    const key = JSON.stringify([identity, channel]);
    const reader = readers.get(key) ?? { identity, channel, months: new Map<string, number>() };
    readers.set(key, reader);
    const month = day.slice(0, 7);
    reader.months.set(month, (reader.months.get(month) ?? 0) + count);
  }
  return readers;
}

/** From the first one up to the last one, without it. */
function monthsBetween(first: string, last: string): readonly string[] {
  const numberOf = (month: string): number => 12 * Number(month.slice(0, 4)) + Number(month.slice(5)) - 1;
  const [from, to] = [numberOf(first), numberOf(last)];
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => {
    const month = from + index;
    return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
  });
}
