import { findingId } from '@tracecal/core/contracts';
import type { Finding } from '@tracecal/core/contracts';
import type { Instant } from '@tracecal/core/model';
import { tailOfBinomial } from '../statistics/index.js';
import { byDevice, chanceOfShare, cohortsOf, countIn, explaining, USUAL_CHANCE, USUAL_FEWEST } from './cohort.js';
import type { Cohort, Grouped, ShareOptions } from './cohort.js';
import { evidenceOf, idsOf, oddsText, proposing, spanOf } from './evidence.js';

export interface CohortOptions<Name extends string> extends ShareOptions {
  /** What instruments are grouped by: `['model', 'firmware', 'batch', 'laboratory', 'site']`. */
  readonly by: readonly Name[];
  /** Probability of any false alarm in one look at all cohorts: 0.001 by default. */
  readonly falseAlarms?: number;
  /** Ids of cohorts whose quarantine is proposed already, and which are not released yet: they are not proposed again. */
  readonly proposed?: readonly string[];
}

export const USUAL_COHORT_FALSE_ALARMS = 0.001;

/**
 * Cohorts of which more instruments have findings than chance explains, each proposed for quarantine as one. A cohort is held against the rest
 * of the fleet: if findings fell on instruments at random, the cohort would get its share of them.
 *
 * @param findings Of one period, about faults of instruments of this fleet; others are left out.
 */
export function cohortFindings<Name extends string>(
  fleet: readonly Grouped<Name>[],
  findings: readonly Finding[],
  options: CohortOptions<Name>,
): readonly Finding[] {
  const { by, falseAlarms = USUAL_COHORT_FALSE_ALARMS, proposed = [], fewest = USUAL_FEWEST } = options;
  const found = byDevice(fleet, findings);
  const all = new Set(fleet.map(({ device }) => device));
  const cohorts = cohortsOf(fleet, by, fewest);
  const judged = explaining(cohorts, falseAlarms, chanceOfShare(all, found, options));
  return judged
    .filter(({ cohort }) => !proposed.includes(cohort.id))
    .flatMap(({ cohort, chance }) => quarantineOf(cohort, chance, all, found));
}

function quarantineOf(
  { id, words, members }: Cohort,
  chance: number,
  all: ReadonlySet<string>,
  found: ReadonlyMap<string, readonly Finding[]>,
): readonly Finding[] {
  const own = [...members].flatMap((device) => found.get(device) ?? []);
  const others = found.size - countIn(members, found);
  const says =
    `${countIn(members, found)} of ${members.size} instruments with ${words} have findings, ` +
    `and ${others} of ${all.size - members.size} others: chance does that ${oddsText(chance)}.`;
  const subject = { kind: 'cohort', id } as const;
  const finding: Finding = { name: 'cohort', subject, says, evidence: evidenceOf(idsOf(own)), ...spanOf(own) };
  return proposing(finding, 'quarantine', members);
}

/** What was seen of a cohort since its quarantine was proposed. */
export interface SeenSince {
  readonly since: Instant;
  readonly until: Instant;
  /** Digests of observations in this time, by device: of its measurements or of probes. */
  readonly observations: ReadonlyMap<string, readonly string[]>;
  /** Findings about faults in this time. */
  readonly findings: readonly Finding[];
}

export interface ReleaseOptions {
  /** Observations that each instrument needs: 5 by default. */
  readonly fewestObservations?: number;
  /** Share of instruments in order that have findings by chance in this time: 0.05 by default. */
  readonly chance?: number;
}

const USUAL_OBSERVATIONS = 5;
/** With a probability below this the findings that remain are more than chance. */
const TOO_RARE = 0.05;

/**
 * Proposes to release what was proposed for quarantine, as one: each instrument was observed since, and those that still have findings are no
 * more than chance explains. Those stay in quarantine.
 *
 * @param proposals All parts of the proposal of one cohort.
 * @returns Nothing while it is too early, or too many still have findings.
 */
export function releaseFindings(
  proposals: readonly Finding[],
  { since, until, observations, findings }: SeenSince,
  { fewestObservations = USUAL_OBSERVATIONS, chance = USUAL_CHANCE }: ReleaseOptions = {},
): readonly Finding[] {
  const [first] = proposals;
  const devices = proposals.flatMap(({ proposes }) => proposes?.devices ?? []);
  const seen = devices.map((device) => observations.get(device) ?? []);
  if (!first || devices.length === 0 || seen.some(({ length }) => length < fewestObservations)) return [];
  const found = byDevice(
    devices.map((device) => ({ device })),
    findings,
  );
  const inOrder = devices.filter((device) => !found.has(device));
  if (inOrder.length === 0 || tailOfBinomial(found.size, devices.length, chance) < TOO_RARE) return [];
  const count = seen.reduce((sum, { length }) => sum + length, 0);
  const rest = found.size > 0 ? ` ${found.size} that still have findings stay in quarantine.` : '';
  const finding: Finding = {
    name: 'cohort-in-order',
    subject: first.subject,
    says: `${inOrder.length} of ${devices.length} instruments of ${first.subject.id} are in order since ${since}, by ${count} observations.${rest}`,
    evidence: evidenceOf([...proposals.map(findingId), ...seen.flat(), ...idsOf([...found.values()].flat())]),
    from: since,
    to: until,
  };
  return proposing(finding, 'release', inOrder);
}
