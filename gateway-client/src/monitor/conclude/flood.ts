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
  /** Fewest instruments of a flood: 50 by default. A lot of half as many surprises nobody. */
  readonly fewest?: number;
}

const DAY_MS = 86_400_000;
/** A day that is not so much busier than the busiest one before is no flood, whatever its probability. */
const BUSIER = 2;

/**
 * Days on which an organisation registers far more instruments than it ever did: somebody who has its keys may hide false ones among them, or
 * keep everybody busy. Instruments come in lots, so the count of a day is held against a distribution with the scatter of the days before.
 */
export function floodFindings(
  registered: readonly Registered[],
  { day, historyDays = 90, falseAlarms = 0.001, fewest = 50 }: FloodOptions,
): readonly Finding[] {
  const today = Date.parse(`${day}T00:00:00Z`);
  const dayOf = ({ time }: Registered) => Math.floor((Date.parse(time) - today) / DAY_MS);
  const within = registered.filter((each) => dayOf(each) >= -historyDays && dayOf(each) <= 0);
  const owners = [...new Set(within.map(({ by }) => by))].sort();
  const days = owners.map((owner) => countsOf(within.filter(({ by }) => by === owner).map(dayOf), historyDays));
  const usual = Math.max(fewest / 2, busyDay(days.flat()));
  return owners.flatMap((owner, index) => {
    const fresh = within.filter((each) => each.by === owner && dayOf(each) === 0);
    const busiest = Math.max(usual, ...(days[index] ?? []));
    if (fresh.length < fewest || fresh.length <= BUSIER * busiest) return [];
    const histories = [days[index] ?? [], days.flat()];
    const chance = Math.max(...histories.map((counts) => chanceOfMore(fresh.length, [...counts, usual])));
    return chance * owners.length > falseAlarms ? [] : [floodOf(owner, fresh, { busiest, historyDays, chance })];
  });
}

/** How many instruments came on each day of the history, the newest first. */
function countsOf(days: readonly number[], historyDays: number): readonly number[] {
  const counts = Array.from({ length: historyDays }, () => 0);
  for (const day of days.filter((each) => each < 0)) counts[-day - 1] = (counts[-day - 1] ?? 0) + 1;
  return counts;
}

/**
 * What 19 of 20 days do not exceed on which anybody registers any instrument. One day like this is taken for granted of everybody, also of
 * newcomers.
 */
function busyDay(counts: readonly number[]): number {
  const active = counts.filter((count) => count > 0).sort((one, other) => one - other);
  return active[Math.ceil(0.95 * active.length) - 1] ?? 0;
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
      `${owner} registered ${fresh.length} instruments on one day, where ${busiest} would be a busy one, by ${historyDays} days before: ` +
      `chance does that ${oddsText(chance)}.`,
    evidence: evidenceOf(fresh.map(({ evidence }) => evidence)),
    from: times[0] ?? '',
    to: times.at(-1) ?? '',
  };
}
