import { RegistryError } from '@tracecal/core/model';
import { biasOfDeviation } from './distributions.js';
import { meanOf, requireFinite, requirePositive, requireValues, sampleOf } from './sample.js';
import type { Sample } from './sample.js';

/** What a value, or a statistic of values, may be while a process is in order. */
export interface Limits {
  readonly lower: number;
  readonly centre: number;
  readonly upper: number;
}

/** Limits of a chart are usually so many standard deviations from its centre. */
export const USUAL_WIDTH = 3;

/**
 * Expected range of so many values with a standard deviation of 1 (d2), and the standard deviation of that range (d3), from two values on
 * (ISO 7870-2).
 */
const RANGES = [
  [1.12838, 0.8525],
  [1.69257, 0.88837],
  [2.05875, 0.87981],
  [2.32593, 0.86408],
  [2.53441, 0.84804],
  [2.70436, 0.83321],
  [2.8472, 0.81983],
  [2.97003, 0.80783],
  [3.07751, 0.79705],
] as const;

/** Shewhart's limits for single values, from a time in which the process was in order. */
export function limitsOfValues({ mean, deviation }: Pick<Sample, 'mean' | 'deviation'>, width = USUAL_WIDTH): Limits {
  return around(mean, width * deviation);
}

/**
 * Mean and standard deviation of single values in their order, the latter from how much neighbours differ: a slow drift does not widen the
 * limits.
 */
export function neighbouring(values: readonly number[]): Sample {
  requireFinite(values);
  requireValues(values.length, 2, 'the differences of neighbours');
  const ranges = values.slice(1).map((value, index) => Math.abs(value - (values[index] ?? Number.NaN)));
  return { count: values.length, mean: meanOf(values), deviation: meanOf(ranges) / RANGES[0][0] };
}

/** How much the values of a group may differ: its mean range, or the mean of its standard deviations. */
export type Spread = { readonly meanRange: number } | { readonly meanDeviation: number };

/** The standard deviation of single values, from the spread within groups of the same size. */
export function deviationWithin(spread: Spread, size: number): number {
  return 'meanRange' in spread ? spread.meanRange / rangesOf(size)[0] : spread.meanDeviation / biasOfDeviation(size);
}

/** Limits for the means of groups. */
export function limitsOfMeans(centre: number, spread: Spread, size: number, width = USUAL_WIDTH): Limits {
  return around(centre, (width * deviationWithin(spread, size)) / Math.sqrt(size));
}

/** Limits for the ranges of groups. */
export function limitsOfRanges(meanRange: number, size: number, width = USUAL_WIDTH): Limits {
  const [expected, deviation] = rangesOf(size);
  return notNegative(around(meanRange, (width * deviation * meanRange) / expected));
}

/** Limits for the standard deviations of groups. */
export function limitsOfDeviations(meanDeviation: number, size: number, width = USUAL_WIDTH): Limits {
  requireValues(size, 2, 'a standard deviation', 'values a group');
  const bias = biasOfDeviation(size);
  return notNegative(around(meanDeviation, (width * meanDeviation * Math.sqrt(1 - bias ** 2)) / bias));
}

/** Mean, mean range and mean standard deviation of groups of one size. */
export function groupsOf(groups: readonly (readonly number[])[]): {
  readonly size: number;
  readonly centre: number;
  readonly meanRange: number;
  readonly meanDeviation: number;
} {
  const [first = []] = groups;
  requireValues(first.length, 2, 'a chart of groups', 'values a group');
  if (groups.some(({ length }) => length !== first.length)) {
    throw new RegistryError('INPUT_INVALID', 'Groups of a chart have one size: give as many values in each.');
  }
  const samples = groups.map(sampleOf);
  return {
    size: first.length,
    centre: meanOf(samples.map(({ mean }) => mean)),
    meanRange: meanOf(groups.map((group) => Math.max(...group) - Math.min(...group))),
    meanDeviation: meanOf(samples.map(({ deviation }) => deviation)),
  };
}

export function isOutside(value: number, { lower, upper }: Limits): boolean {
  // A value that is no number is not in order.
  return !(value >= lower && value <= upper);
}

/** A point of a chart with a memory: its statistic, and what that may be there. */
export interface Point {
  readonly statistic: number;
  readonly limits: Limits;
  readonly outside: boolean;
}

export interface EwmaOptions {
  /** How much the newest value counts: 0.2 by default. Small ones find small shifts. */
  readonly weight?: number;
  readonly width?: number;
}

/**
 * Exponentially weighted moving average: finds small lasting shifts that no single value shows. Its first limits are narrower, because it
 * rests on few values.
 */
export function ewma(
  values: readonly number[],
  base: Pick<Sample, 'mean' | 'deviation'>,
  { weight = 0.2, width = USUAL_WIDTH }: EwmaOptions = {},
): readonly Point[] {
  let statistic = base.mean;
  return values.map((value, index) => {
    statistic = weight * value + (1 - weight) * statistic;
    const settled = 1 - (1 - weight) ** (2 * (index + 1));
    const limits = around(base.mean, halfWidth(base.deviation, weight, width) * Math.sqrt(settled));
    return { statistic, limits, outside: isOutside(statistic, limits) };
  });
}

/** The limits that an EWMA chart has after many values. */
export function limitsOfEwma(
  base: Pick<Sample, 'mean' | 'deviation'>,
  { weight = 0.2, width = USUAL_WIDTH }: EwmaOptions = {},
): Limits {
  return around(base.mean, halfWidth(base.deviation, weight, width));
}

export interface CusumOptions {
  /** In standard deviations: half the shift that is to be found soon. */
  readonly slack?: number;
  /** In standard deviations. */
  readonly decision?: number;
}

/** A point of a CUSUM chart: how far values were above, or below, more than the slack allows, in the unit of the values. */
export interface CusumPoint {
  readonly above: number;
  readonly below: number;
  readonly outside: boolean;
}

/** Cumulative sums of deviations: finds a lasting shift about as soon as can be. By default a false alarm in about 465 values. */
export function cusum(
  values: readonly number[],
  { mean, deviation }: Pick<Sample, 'mean' | 'deviation'>,
  { slack = 0.5, decision = 5 }: CusumOptions = {},
): readonly CusumPoint[] {
  requirePositive(deviation, 'The standard deviation of a CUSUM chart');
  let [above, below] = [0, 0];
  return values.map((value) => {
    above = Math.max(0, above + value - mean - slack * deviation);
    below = Math.max(0, below + mean - value - slack * deviation);
    return { above, below, outside: !(Math.max(above, below) <= decision * deviation) };
  });
}

function halfWidth(deviation: number, weight: number, width: number): number {
  if (!(weight > 0 && weight <= 1)) {
    throw new RegistryError(
      'INPUT_INVALID',
      `The weight of an EWMA chart is ${weight}: it has to be above 0 and at most 1.`,
    );
  }
  return width * deviation * Math.sqrt(weight / (2 - weight));
}

function rangesOf(size: number): (typeof RANGES)[number] {
  const found = RANGES[size - 2];
  if (!found) {
    const most = RANGES.length + 1;
    throw new RegistryError(
      'INPUT_INVALID',
      `Ranges are of 2 to ${most} values, not of ${size}: use standard deviations for larger groups.`,
    );
  }
  return found;
}

function around(centre: number, half: number): Limits {
  return { lower: centre - half, centre, upper: centre + half };
}

function notNegative(limits: Limits): Limits {
  return { ...limits, lower: Math.max(0, limits.lower) };
}
