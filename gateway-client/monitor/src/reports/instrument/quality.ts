import {
  cusum,
  enScore,
  ewma,
  healthOf,
  isOutside,
  limitsOfValues,
  sampleOf,
  standardOf,
  zetaScore,
} from '@tracecal/gateway-client/monitor';
import type {
  Drift,
  Health,
  HealthOptions,
  InstrumentFindingName,
  Limits,
  Sample,
} from '@tracecal/gateway-client/monitor';
import type { Instant } from '@tracecal/core/model';
import type { Instrument } from '../../model/index.js';
import type { Compared } from './comparison.js';
import type { ReportOptions } from './input.js';

export const USUAL_BASE = 20;

/** What values beside references show. Numbers in the unit of the values. */
export interface Quality {
  /** The first errors, in which the instrument is taken to be in order. */
  readonly base: Sample;
  /** Errors since the base; absent with fewer than two. */
  readonly since?: Sample;
  readonly scores: Scores;
  readonly shewhart: { readonly limits: Limits; readonly outside: number };
  /** Charts with a memory; absent where the errors of the base are all the same. */
  readonly ewma?: { readonly last: number; readonly limits: Limits; readonly outside: number };
  readonly cusum?: { readonly above: number; readonly below: number; readonly outside: number };
  readonly drift?: Drift;
  /** Standard deviation since the base over that of the base. */
  readonly stability?: number;
  /** The largest share of the allowed error that an error took together with its uncertainty. */
  readonly used?: number;
  readonly findings: readonly QualityFinding[];
}

/** Agreement of values with their references; counts are of those that state an uncertainty. */
export interface Scores {
  readonly count: number;
  /** The En that is farthest from zero, and the zeta. */
  readonly en?: number;
  readonly zeta?: number;
  /** Values with an En beyond 1. */
  readonly beyond: number;
}

export interface QualityFinding {
  readonly name: InstrumentFindingName;
  readonly says: string;
  /** Of the first value that shows it, and of the one at which it shows. */
  readonly from: Instant;
  readonly time: Instant;
  /** Digests of the values that show it: from the base on to that value for a chart or a pattern, all for a drift. */
  readonly evidence: readonly string[];
}

/** Findings that rest on all values since the base, and not on those up to the first one that shows it. */
const OF_ALL: readonly InstrumentFindingName[] = ['drift', 'leaving', 'scatter'];
/** Findings that one value shows alone. */
const OF_ONE: readonly InstrumentFindingName[] = ['outside', 'margin'];

/** @returns undefined with too few values for a base and one more. */
export function qualityOf(
  compared: readonly Compared[],
  { largestError, due }: Pick<Instrument, 'largestError' | 'due'>,
  { base: baseCount = USUAL_BASE, chance }: Omit<ReportOptions, 'period'>,
): Quality | undefined {
  if (compared.length <= baseCount) return undefined;
  const health = healthOf(compared, {
    base: baseCount,
    ...stated({ largestError, due, chance }),
  });
  const { base, drift, used } = health;
  const later = compared.slice(baseCount).map(({ value, reference }) => value - reference.value);
  const limits = limitsOfValues(base);
  const since = later.length > 1 ? sampleOf(later) : undefined;
  return {
    base,
    ...(since && { since }),
    scores: scoresOf(compared),
    shewhart: { limits, outside: later.filter((error) => isOutside(error, limits)).length },
    ...(base.deviation > 0 && chartsWithMemory(later, base)),
    ...(drift && { drift }),
    ...(since && base.deviation > 0 && { stability: since.deviation / base.deviation }),
    ...(used !== undefined && { used }),
    findings: findingsOfHealth(health, compared, baseCount),
  };
}

/** Options without those that are undefined. */
function stated({
  largestError,
  due,
  chance,
}: { [Name in keyof HealthOptions]: HealthOptions[Name] | undefined }): HealthOptions {
  return {
    ...(largestError !== undefined && { largestError }),
    ...(due !== undefined && { due }),
    ...(chance !== undefined && { chance }),
  };
}

function chartsWithMemory(later: readonly number[], base: Sample): Pick<Quality, 'ewma' | 'cusum'> {
  const [averages, sums] = [ewma(later, base), cusum(later, base)];
  const [average, sum] = [averages.at(-1), sums.at(-1)];
  const outside = (points: readonly { readonly outside: boolean }[]): number =>
    points.filter((point) => point.outside).length;
  return {
    ...(average && { ewma: { last: average.statistic, limits: average.limits, outside: outside(averages) } }),
    ...(sum && { cusum: { above: sum.above, below: sum.below, outside: outside(sums) } }),
  };
}

export function scoresOf(compared: readonly Compared[]): Scores {
  const scores = compared.flatMap(({ value, uncertainty, reference }) => {
    if (!uncertainty) return [];
    const own = { value, expanded: uncertainty.expanded, standard: standardOf(uncertainty) };
    const other = { ...reference, standard: standardOf(reference) };
    // Two uncertainties of zero leave nothing to compare by.
    return own.expanded > 0 || other.expanded > 0 ? [{ en: enScore(own, other), zeta: zetaScore(own, other) }] : [];
  });
  if (scores.length === 0) return { count: 0, beyond: 0 };
  return {
    count: scores.length,
    en: farthest(scores.map(({ en }) => en)),
    zeta: farthest(scores.map(({ zeta }) => zeta)),
    beyond: scores.filter(({ en }) => !(Math.abs(en) <= 1)).length,
  };
}

function farthest(values: readonly number[]): number {
  return values.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
}

function findingsOfHealth(health: Health, compared: readonly Compared[], base: number): readonly QualityFinding[] {
  return health.findings.flatMap(({ name, says, at }) => {
    const shown = compared[at];
    if (!shown) return [];
    const [first, end] = OF_ALL.includes(name) ? [base, compared.length] : [Math.min(base, at), at + 1];
    const showing = OF_ONE.includes(name) ? [shown] : compared.slice(first, end);
    const { time: from = shown.time } = showing[0] ?? {};
    return [{ name, says, from, time: shown.time, evidence: showing.map(({ evidence }) => evidence) }];
  });
}
