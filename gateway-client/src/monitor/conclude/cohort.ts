import type { Finding } from '@tracecal/core/contracts';
import { tailOfBinomial } from '../statistics/index.js';

/** An instrument, and what it may have in common with others: its model, its firmware, its site. */
export type Grouped<Name extends string> = { readonly device: string } & Readonly<Partial<Record<Name, string>>>;

/** Instruments that have something in common. */
export interface Cohort {
  /** `firmware=2.1.7` */
  readonly id: string;
  /** What they have in common, in words: `firmware 2.1.7`. */
  readonly words: string;
  readonly name: string;
  readonly value: string;
  readonly members: ReadonlySet<string>;
}

/** All cohorts of a fleet with so many members, in the order of names and then of the fleet. */
export function cohortsOf<Name extends string>(
  fleet: readonly Grouped<Name>[],
  names: readonly Name[],
  fewest: number,
): readonly Cohort[] {
  const cohorts = names.flatMap((name) => {
    const members = new Map<string, Set<string>>();
    for (const instrument of fleet) {
      const value = instrument[name];
      if (value === undefined || value === '') continue;
      members.set(value, (members.get(value) ?? new Set()).add(instrument.device));
    }
    return [...members].map(([value, own]) => ({
      id: `${name}=${value}`,
      words: `${name} ${value}`,
      name,
      value,
      members: own,
    }));
  });
  return cohorts.filter(({ members }) => members.size >= fewest);
}

/** Findings about each device of a fleet. */
export function byDevice(
  fleet: readonly { readonly device: string }[],
  findings: readonly Finding[],
): ReadonlyMap<string, readonly Finding[]> {
  const known = new Set(fleet.map(({ device }) => device));
  const found = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { kind, id } = finding.subject;
    if (kind !== 'device' || !known.has(id)) continue;
    const own = found.get(id);
    if (own) own.push(finding);
    else found.set(id, [finding]);
  }
  return found;
}

/**
 * The probability that chance alone leads to what was seen of some instruments, once others are explained and left out; undefined: there is
 * nothing to judge.
 */
export type JudgeWithout = (explained: ReadonlySet<string>) => (members: ReadonlySet<string>) => number | undefined;

/** When findings are a cohort's matter. */
export interface ShareOptions {
  /** Fewest instruments with findings: 3 by default. */
  readonly fewest?: number;
  /** Share of instruments in order that have findings by chance, for cohorts beside which there are fewer than 20 others: 0.05 by default. */
  readonly chance?: number;
}

export const USUAL_FEWEST = 3;
export const USUAL_CHANCE = 0.05;
const FEWEST_OTHERS = 20;

/**
 * The probability that so many of the instruments with findings are in the cohort by chance; undefined: too few to say anything. Given how many
 * instruments have findings, each is in the cohort with its share of the fleet: without putting back, the tail would be smaller.
 */
export function chanceOfShare(
  fleet: ReadonlySet<string>,
  found: ReadonlyMap<string, unknown>,
  { fewest = USUAL_FEWEST, chance = USUAL_CHANCE }: ShareOptions,
): JudgeWithout {
  return (explained) => {
    const size = fleet.size - explained.size;
    const withFindings = found.size - countIn(explained, found);
    return (members) => {
      const own = countIn(members, found);
      if (own < fewest) return undefined;
      if (size - members.size < FEWEST_OTHERS) return tailOfBinomial(own, members.size, chance);
      return tailOfBinomial(own, withFindings, members.size / size);
    };
  };
}

/** How many of these devices have findings. */
export function countIn(devices: ReadonlySet<string>, found: ReadonlyMap<string, unknown>): number {
  let count = 0;
  for (const device of devices) count += Number(found.has(device));
  return count;
}

/** A cohort with the probability that chance alone leads to what was seen of it. */
export interface Judged {
  readonly cohort: Cohort;
  readonly chance: number;
}

/**
 * The cohorts that explain most, one after the other: after each, its instruments are left out, so that a bad batch does not also blame the
 * model, the laboratory and the site that its instruments share with good ones.
 *
 * @param falseAlarms Probability of any false alarm in one look at all cohorts together.
 */
export function explaining(
  cohorts: readonly Cohort[],
  falseAlarms: number,
  judgeWithout: JudgeWithout,
): readonly Judged[] {
  const found: Judged[] = [];
  const explained = new Set<string>();
  for (;;) {
    const judge = judgeWithout(explained);
    const judged = cohorts.flatMap((cohort) => {
      const left = new Set([...cohort.members].filter((device) => !explained.has(device)));
      const chance = left.size === 0 ? undefined : judge(left);
      return chance === undefined ? [] : [{ cohort, chance }];
    });
    // Of cohorts that explain as much, the smaller one says more.
    const [best] = judged.sort(
      (one, other) => one.chance - other.chance || one.cohort.members.size - other.cohort.members.size,
    );
    if (!best || best.chance * cohorts.length > falseAlarms) return found;
    found.push(best);
    for (const device of best.cohort.members) explained.add(device);
  }
}
