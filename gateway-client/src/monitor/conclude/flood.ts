import type { Finding } from '@tracecal/core/contracts';
import type { Instant } from '@tracecal/core/model';
import { meanOf, sampleOf, tailOfBinomial, tailOfPoisson } from '../statistics/index.js';
import { evidenceOf, oddsText } from './evidence.js';

/** A new instrument in the registry. */
export interface Registered {
  readonly device: string;
  /** The organisation that registered it. */
  readonly by: string;
  readonly time: Instant;
  /** SHA-256 of the statement that registered it. */
  readonly evidence: string;
}

export interface FloodOptions {
  /** The day that is looked at: `2026-03-01`. */
  readonly day: string;
  /** Days before it that tell what is usual: 90 by default. Registrations of all of them have to be given. */
  readonly historyDays?: number;
  /** Probability of any false alarm in one look: 0.001 by default. */
  readonly falseAlarms?: number;
  /** Fewest instruments of a flood: 20 by default. */
  readonly fewest?: number;
}

const DAY_MS = 86_400_000;
/** What a first day brings where nobody has registered anything yet. */
const FIRST_DAY = 10;
/** A day that is not so much busier than the busiest one before is no flood, whatever its probability. */
const BUSIER = 2;

/**
 * Days on which an organisation registers far more instruments than it ever did: somebody who has its keys may hide false ones among them, or
 * keep everybody busy. Instruments come in lots, so the count of a day is held against a distribution with the scatter of the days before.
 */
export function floodFindings(
  registered: readonly Registered[],
  { day, historyDays = 90, falseAlarms = 0.001, fewest = 20 }: FloodOptions,
): readonly Finding[] {
  const today = Date.parse(`${day}T00:00:00Z`);
  const dayOf = ({ time }: Registered) => Math.floor((Date.parse(time) - today) / DAY_MS);
  const within = registered.filter((each) => dayOf(each) >= -historyDays && dayOf(each) <= 0);
  const owners = [...new Set(within.map(({ by }) => by))].sort();
  const usual = usualLot(within, (each) => dayOf(each));
  return owners.flatMap((owner) => {
    const own = within.filter(({ by }) => by === owner);
    const fresh = own.filter((each) => dayOf(each) === 0);
    const counts = Array.from({ length: historyDays }, (_, back) =>
      own.reduce((count, each) => count + Number(dayOf(each) === -back - 1), 0),
    );
    const busiest = Math.max(usual, ...counts);
    const chance = chanceOfMore(fresh.length, [...counts, usual]);
    if (fresh.length < fewest || fresh.length <= BUSIER * busiest || chance * owners.length > falseAlarms) return [];
    return [floodOf(owner, fresh, { busiest, historyDays, chance })];
  });
}

/**
 * How many instruments come together on a busy day of anybody, that 19 of 20 such days do not exceed. One day like this is taken for granted of
 * everybody, also of newcomers.
 */
function usualLot(registered: readonly Registered[], dayOf: (each: Registered) => number): number {
  const lots = new Map<string, number>();
  for (const each of registered.filter((one) => dayOf(one) < 0)) {
    const key = `${each.by} ${dayOf(each)}`;
    lots.set(key, (lots.get(key) ?? 0) + 1);
  }
  const sorted = [...lots.values()].sort((one, other) => one - other);
  return Math.max(FIRST_DAY, sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0);
}

/** The probability of a count at least so large: negative binomial, or Poisson where days scatter no more than that. */
function chanceOfMore(count: number, days: readonly number[]): number {
  const mean = meanOf(days);
  const variance = sampleOf(days).deviation ** 2;
  if (variance <= mean) return tailOfPoisson(count, mean);
  const size = mean ** 2 / (variance - mean);
  return tailOfBinomial(count, count + size - 1, mean / (mean + size));
}

function floodOf(
  owner: string,
  fresh: readonly Registered[],
  { busiest, historyDays, chance }: { readonly busiest: number; readonly historyDays: number; readonly chance: number },
): Finding {
  const times = fresh.map(({ time }) => time).sort();
  return {
    name: 'instrument-flood',
    subject: { kind: 'peer', id: owner },
    says:
      `${owner} registered ${fresh.length} instruments on one day, and at most ${busiest} on any of the ${historyDays} days before: ` +
      `chance does that ${oddsText(chance)}.`,
    evidence: evidenceOf(fresh.map(({ evidence }) => evidence)),
    from: times[0] ?? '',
    to: times.at(-1) ?? '',
  };
}
