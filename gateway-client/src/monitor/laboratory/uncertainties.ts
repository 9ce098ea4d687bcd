import { tailOfBinomial, tailOfChiSquare } from '../statistics/index.js';
import { grouped, MOST_SHOWN, USUAL_FALSE_ALARMS, valuesOf } from './work.js';
import type { Suspecting, Suspicion, Value, Work } from './work.js';

/** Comparisons below which nothing is said. */
const FEWEST = 8;
/** Uncertainties that are all the same tell something from so many devices on. */
const FEWEST_DEVICES = 20;

interface Comparison {
  readonly report: string;
  readonly zeta: number;
}

/**
 * Uncertainties that are too good for how much results differ from those of others for the same devices: a chi-square test of the squared
 * zeta scores. What devices themselves change between two calibrations is `stability`, a standard uncertainty relative to that of the
 * comparison.
 */
export function tooGood(
  works: readonly Work[],
  reference: readonly Work[],
  { falseAlarms = USUAL_FALSE_ALARMS, stability = 0.3 }: Suspecting & { readonly stability?: number } = {},
): readonly Suspicion[] {
  const others = grouped(
    reference.filter(({ laboratory }) => !works.some((own) => own.laboratory === laboratory)),
    ({ device }) => device,
  );
  const comparisons = works.flatMap((work) => comparisonsOf(work, others.get(work.device) ?? []));
  const [first] = works;
  if (comparisons.length < FEWEST || !first) return [];
  const squares = comparisons.reduce((sum, { zeta }) => sum + zeta ** 2, 0) / (1 + stability ** 2);
  const chance = tailOfChiSquare(squares, comparisons.length);
  if (chance > falseAlarms) return [];
  const ratio = Math.sqrt(squares / comparisons.length);
  return [
    {
      detector: 'uncertainties',
      about: first.laboratory,
      says: `${comparisons.length} results differ from those of others ${ratio.toFixed(1)} times as much as their uncertainties allow.`,
      chance,
      reports: worstOf(comparisons),
    },
  ];
}

/** One uncertainty for many devices, where those of others at the same place change. */
export function neverChanging(
  works: readonly Work[],
  reference: readonly Work[],
  { falseAlarms = USUAL_FALSE_ALARMS }: Suspecting = {},
): readonly Suspicion[] {
  const elsewhere = grouped(reference.flatMap(valuesOf).filter(hasUncertainty), ({ at }) => at);
  const own = grouped(
    works.flatMap((work) =>
      valuesOf(work)
        .filter(hasUncertainty)
        .map((value) => ({ work, value })),
    ),
    ({ value }) => value.at,
  );
  return [...own].flatMap(([at, stated]) => {
    const others = (elsewhere.get(at) ?? []).map(({ standard }) => standard);
    if (stated.length < FEWEST_DEVICES || others.length < FEWEST_DEVICES) return [];
    const common = mostCommon(stated, ({ value }) => value.standard);
    const chance = tailOfBinomial(common.length, stated.length, shareOfMostCommon(others));
    const [first] = common;
    if (!first || chance * own.size > falseAlarms) return [];
    return [
      {
        detector: 'uncertainties' as const,
        about: first.work.laboratory,
        says: `${common.length} of ${stated.length} uncertainties at one place are exactly the same, where those of others change.`,
        chance,
        reports: common.slice(-MOST_SHOWN).map(({ work }) => work.report),
      },
    ];
  });
}

function comparisonsOf(work: Work, others: readonly Work[]): readonly Comparison[] {
  const nearest = others.reduce<Work | undefined>(
    (best, other) => (best === undefined || distance(other, work) < distance(best, work) ? other : best),
    undefined,
  );
  const found = new Map((nearest ? valuesOf(nearest) : []).map((value) => [value.at, value]));
  return valuesOf(work).flatMap(({ at, error, standard }) => {
    const other = found.get(at);
    if (other?.standard === undefined || standard === undefined) return [];
    const both = Math.hypot(standard, other.standard);
    return both > 0 ? [{ report: work.report, zeta: (error - other.error) / both }] : [];
  });
}

function distance(one: Work, other: Work): number {
  return Math.abs(Date.parse(one.end) - Date.parse(other.end));
}

function worstOf(comparisons: readonly Comparison[]): readonly string[] {
  const sorted = [...comparisons].sort((one, other) => Math.abs(other.zeta) - Math.abs(one.zeta));
  return [...new Set(sorted.map(({ report }) => report))].slice(0, MOST_SHOWN);
}

function hasUncertainty({ standard }: Value): boolean {
  return standard !== undefined;
}

function mostCommon<T>(items: readonly T[], keyOf: (item: T) => unknown): readonly T[] {
  const groups = [...grouped(items, (item) => String(keyOf(item))).values()];
  return groups.reduce((largest, group) => (group.length > largest.length ? group : largest), []);
}

/** As if one more had been seen that has it: it is never 0, and where all state the same it is close to 1. */
function shareOfMostCommon(values: readonly (number | undefined)[]): number {
  return (mostCommon(values, (value) => value).length + 1) / (values.length + 1);
}
