import type { Finding } from '@tracecal/core/contracts';
import type { Instant } from '@tracecal/core/model';
import { tailOfBinomial } from '../statistics/index.js';
import { byDevice, cohortsOf, explaining } from './cohort.js';
import type { Cohort, Grouped } from './cohort.js';
import { evidenceOf, idsOf, oddsText, proposing, spanOf } from './evidence.js';

export interface OutbreakOptions<Name extends string> {
  readonly by: readonly Name[];
  /** The moment of the look: findings that begin later are left out. */
  readonly at: Instant;
  /** Days in which the outbreak would have to spread: 7 by default. */
  readonly windowDays?: number;
  /** Days before them that tell how often instruments fail: 56 by default. Findings of the whole time have to be given. */
  readonly baseDays?: number;
  /** Probability of any false alarm in one look: 0.001 by default. */
  readonly falseAlarms?: number;
  /** Fewest instruments of an outbreak: 4 by default. */
  readonly fewest?: number;
  /** Ids of cohorts whose quarantine is proposed already. */
  readonly proposed?: readonly string[];
}

const DAY_MS = 86_400_000;

/** The first finding of an instrument in the time that is looked at. */
interface Beginning {
  readonly finding: Finding;
  readonly isNew: boolean;
}

/**
 * Cohorts in which one instrument after another begins to fail, faster than before: what spreads by a network, or with an update. It compares
 * a cohort with its own past, so it also finds what befalls the whole fleet. Proposed for quarantine as one.
 */
export function outbreakFindings<Name extends string>(
  fleet: readonly Grouped<Name>[],
  findings: readonly Finding[],
  options: OutbreakOptions<Name>,
): readonly Finding[] {
  const { by, at, windowDays = 7, baseDays = 56, falseAlarms = 0.001, fewest = 4, proposed = [] } = options;
  const end = Date.parse(at);
  const windowStart = end - windowDays * DAY_MS;
  const begun = beginnings(fleet, findings, { start: windowStart - baseDays * DAY_MS, windowStart, end });
  const share = windowDays / (windowDays + baseDays);
  const explained = explaining(cohortsOf(fleet, by, fewest), falseAlarms, () => (members) => {
    const { fresh, earlier } = countsOf(members, begun);
    return fresh.length < fewest ? undefined : tailOfBinomial(fresh.length, fresh.length + earlier, share);
  });
  return explained
    .filter(({ cohort }) => !proposed.includes(cohort.id))
    .flatMap(({ cohort, chance }) => outbreakOf(cohort, chance, begun, { windowDays, baseDays }));
}

function beginnings(
  fleet: readonly { readonly device: string }[],
  findings: readonly Finding[],
  { start, windowStart, end }: { readonly start: number; readonly windowStart: number; readonly end: number },
): ReadonlyMap<string, Beginning> {
  const within = findings.filter(({ from }) => Date.parse(from) >= start && Date.parse(from) <= end);
  const begun = new Map<string, Beginning>();
  for (const [device, own] of byDevice(fleet, within)) {
    const [finding] = [...own].sort((one, other) => (one.from < other.from ? -1 : 1));
    if (finding) begun.set(device, { finding, isNew: Date.parse(finding.from) > windowStart });
  }
  return begun;
}

function countsOf(
  members: ReadonlySet<string>,
  begun: ReadonlyMap<string, Beginning>,
): { readonly fresh: readonly Finding[]; readonly earlier: number } {
  const own = [...members].flatMap((device) => begun.get(device) ?? []);
  const fresh = own.filter(({ isNew }) => isNew).map(({ finding }) => finding);
  return { fresh, earlier: own.length - fresh.length };
}

function outbreakOf(
  { id, words, members }: Cohort,
  chance: number,
  begun: ReadonlyMap<string, Beginning>,
  { windowDays, baseDays }: { readonly windowDays: number; readonly baseDays: number },
): readonly Finding[] {
  const { fresh, earlier } = countsOf(members, begun);
  const says =
    `${fresh.length} of ${members.size} instruments with ${words} began to have findings within ${windowDays} days, ` +
    `and ${earlier} in the ${baseDays} days before: chance does that ${oddsText(chance)}.`;
  const subject = { kind: 'cohort', id } as const;
  const finding: Finding = { name: 'outbreak', subject, says, evidence: evidenceOf(idsOf(fresh)), ...spanOf(fresh) };
  return proposing(finding, 'quarantine', members);
}
