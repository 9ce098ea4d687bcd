import type { Instant } from '@tracecal/core/model';
import {
  cusum,
  driftOf,
  enScore,
  isOutside,
  leavesAt,
  limitsOfValues,
  marginOf,
  patternsIn,
  PATTERNS,
  requireValues,
  sampleOf,
  scattersMore,
  standardOf,
  tailOfBinomial,
  tailsOfNormal,
  zetaScore,
} from '../statistics/index.js';
import type { Drift, Limits, PatternName, Sample } from '../statistics/index.js';
import type { InstrumentFinding } from './findings.js';
import { daysOf, requireInOrder } from './observation.js';
import type { Deviation, Observation } from './observation.js';

export interface HealthOptions {
  /** How many of the first observations are the base, in which the instrument was in order: 20 by default. */
  readonly base?: number;
  /** The largest error allowed, in the unit of the values. */
  readonly largestError?: number;
  /** When it is calibrated next. */
  readonly due?: Instant;
  /** Probability with which chance alone may look like a drift, more scatter, or results that disagree: 0.001 by default. */
  readonly chance?: number;
}

/** How an instrument is, by observations of it. */
export interface Health {
  readonly base: Sample;
  readonly limits: Limits;
  /** Of all observations after the base; absent with fewer than three. */
  readonly drift?: Drift;
  /** The largest share of the allowed error that was used; absent where none is stated. */
  readonly used?: number;
  readonly findings: readonly InstrumentFinding[];
}

const USUAL_BASE = 20;
const USUAL_CHANCE = 0.001;
/** Runs that tell something beside a shift, which cumulative sums find sooner, and beside values outside. */
const TELLING: readonly PatternName[] = ['trend', 'alternating', 'hugging', 'avoiding'];
const ONE_IN_TWENTY = 0.05;
/** Days after the last observation up to which a drift is followed without a date of the next calibration. */
const USUAL_HORIZON = 365;

/**
 * How an instrument is, by what it showed beside a reference: against a base of its own first observations, and against what its
 * uncertainty and the error that is allowed say.
 *
 * @throws RegistryError `INPUT_INVALID` with fewer observations than the base and one more, or out of order
 */
export function healthOf(observations: readonly Observation[], options: HealthOptions = {}): Health {
  const { base: baseCount = USUAL_BASE, largestError, chance = USUAL_CHANCE } = options;
  requireInOrder(observations);
  requireValues(observations.length, baseCount + 1, `a base of ${baseCount}`, 'observations');
  const deviations = observations.map(deviationOf);
  const base = sampleOf(deviations.slice(0, baseCount).map(({ error }) => error));
  const later = deviations.slice(baseCount);
  const limits = limitsOfValues(base);
  const drift = later.length > 2 ? driftOfAll(later) : undefined;
  const used = largestError === undefined ? undefined : usedOf(observations, deviations, largestError);
  const numbered = (finding: InstrumentFinding): InstrumentFinding => ({ ...finding, at: finding.at + baseCount });
  return {
    base,
    limits,
    ...(drift && { drift }),
    ...(used && { used: used.most }),
    findings: [
      ...(base.deviation > 0 ? charts(later, base, limits) : []).map(numbered),
      ...scatter(later, base, chance).map(numbered),
      ...drifting(later, drift, { ...options, chance }).map(numbered),
      ...stuck(observations, baseCount),
      ...disagreeing(deviations, chance),
      ...(used?.findings ?? []),
    ],
  };
}

function deviationOf({ time, value, uncertainty, reference }: Observation): Deviation {
  const deviation = { day: daysOf(time), error: value - reference.value };
  if (!uncertainty) return deviation;
  const own = { value, expanded: uncertainty.expanded, standard: standardOf(uncertainty) };
  const other = { ...reference, standard: standardOf(reference) };
  return { ...deviation, score: { en: enScore(own, other), zeta: zetaScore(own, other) } };
}

function charts(later: readonly Deviation[], base: Sample, limits: Limits): readonly InstrumentFinding[] {
  const errors = later.map(({ error }) => error);
  const outside = errors.findIndex((error) => isOutside(error, limits));
  const shifted = cusum(errors, base).findIndex((point) => point.outside);
  const { lower, upper } = limits;
  return [
    ...found('outside', outside, (at) => `${text(errors[at])} is not between ${text(lower)} and ${text(upper)}.`),
    ...found(
      'shift',
      shifted,
      (at) => `The sum of deviations from ${text(base.mean)} is too large at ${text(errors[at])}.`,
    ),
    ...patternsIn(errors, base, TELLING).map(({ name, at }) => ({
      name: 'pattern' as const,
      says: `There are ${PATTERNS[name].says}.`,
      at,
    })),
  ];
}

function scatter(later: readonly Deviation[], base: Sample, level: number): readonly InstrumentFinding[] {
  if (later.length < 3 || !(base.deviation > 0)) return [];
  const now = sampleOf(later.map(({ error }) => error));
  const before = { deviation: base.deviation, freedom: base.count - 1 };
  const { worse, ratio } = scattersMore({ deviation: now.deviation, freedom: now.count - 1 }, before, level);
  if (!worse) return [];
  return [
    { name: 'scatter', says: `Values scatter ${Math.sqrt(ratio).toFixed(1)} times as much as in the base.`, at: 0 },
  ];
}

function driftOfAll(deviations: readonly Deviation[]): Drift | undefined {
  const days = deviations.map(({ day }) => day);
  if (new Set(days).size < 2) return undefined;
  return driftOf(
    days,
    deviations.map(({ error }) => error),
  );
}

function drifting(
  later: readonly Deviation[],
  drift: Drift | undefined,
  { largestError, due, chance = USUAL_CHANCE }: HealthOptions,
): readonly InstrumentFinding[] {
  const last = later.at(-1);
  if (drift === undefined || last === undefined || drift.chance > chance) return [];
  const at = later.length - 1;
  const drifts = { name: 'drift' as const, says: `Values change by ${text(drift.rate)} a day.`, at };
  if (largestError === undefined) return [drifts];
  const horizon = due === undefined ? last.day + USUAL_HORIZON : Math.max(daysOf(due), last.day);
  const [days, errors] = [later.map(({ day }) => day), later.map(({ error }) => error)];
  const day = leavesAt(days, errors, { lower: -largestError, upper: largestError }, horizon);
  if (day === undefined) return [drifts];
  const left = Math.max(0, Math.floor(day - last.day));
  return [drifts, { name: 'leaving', says: `In ${left} days the error may be larger than ${text(largestError)}.`, at }];
}

/** The same value again and again, though references differ, or values differed in the base. */
function stuck(observations: readonly Observation[], base: number): readonly InstrumentFinding[] {
  const values = observations.map(({ value }) => value);
  const hasMoved = new Set(values.slice(0, base)).size > 1;
  const run = 5;
  const at = values.findIndex(
    (value, index) =>
      index >= base + run - 1 && hasMoved && values.slice(index - run + 1, index).every((before) => before === value),
  );
  return found('stuck', at, (index) => `It shows exactly ${text(values[index])} ${run} times in a row.`);
}

/** One score that is too large for chance, or so many beyond 1 as chance does not bring: of results that agree, one in twenty is. */
function disagreeing(deviations: readonly Deviation[], chance: number): readonly InstrumentFinding[] {
  const scores = deviations.flatMap(({ score }, at) => (score ? [{ ...score, at }] : []));
  const beyond = scores.filter(({ en }) => !(Math.abs(en) <= 1));
  const far = beyond.find(({ zeta }) => !(tailsOfNormal(zeta) * scores.length > chance));
  if (far) return [{ name: 'disagrees', says: `En is ${far.en.toFixed(2)}.`, at: far.at }];
  const [first] = beyond;
  if (!first || tailOfBinomial(beyond.length, scores.length, ONE_IN_TWENTY) > chance) return [];
  const says = `En is beyond 1 for ${beyond.length} of ${scores.length} values.`;
  return [{ name: 'disagrees', says, at: first.at }];
}

function usedOf(
  observations: readonly Observation[],
  deviations: readonly Deviation[],
  largest: number,
): { readonly most: number; readonly findings: readonly InstrumentFinding[] } {
  const margins = deviations.map(({ error }, index) => {
    const { uncertainty, reference } = observations[index] ?? {};
    return marginOf(error, Math.hypot(uncertainty?.expanded ?? 0, reference?.expanded ?? 0), largest);
  });
  const at = margins.findIndex(({ conforms }) => conforms !== 'yes');
  const says = (index: number): string =>
    `An error of ${text(deviations[index]?.error)} uses ${(100 * (margins[index]?.used ?? Number.NaN)).toFixed(0)} % of ${text(largest)} together with U.`;
  return { most: Math.max(...margins.map(({ used }) => used)), findings: found('margin', at, says) };
}

function found(
  name: InstrumentFinding['name'],
  at: number,
  says: (at: number) => string,
): readonly InstrumentFinding[] {
  return at < 0 ? [] : [{ name, says: says(at), at }];
}

function text(value: number | undefined): string {
  return String(Number((value ?? Number.NaN).toPrecision(4)));
}
