import { requirePositive } from './sample.js';
import type { Sample } from './sample.js';

/** A run of values that a process in order rarely shows. */
interface Rule {
  /** How many values it looks at. */
  readonly length: number;
  /** So many of them, and the newest, have to fit. */
  readonly needed: number;
  readonly says: string;
  /** Which values fit, by their distance from the mean in standard deviations; each list is one way to break the rule. */
  readonly ways: readonly ((z: number, previous: number, beforeThat: number) => boolean)[];
}

const onSide = (distance: number): Rule['ways'] => [(z) => z > distance, (z) => z < -distance];

/** Runs on a chart of single values, after Nelson (1984); ISO 7870-2 has others of the same kind. */
export const PATTERNS = {
  beyond: { length: 1, needed: 1, says: 'a value beyond 3 standard deviations', ways: onSide(3) },
  'two-of-three': {
    length: 3,
    needed: 2,
    says: 'two of three values beyond 2 standard deviations on one side',
    ways: onSide(2),
  },
  'four-of-five': {
    length: 5,
    needed: 4,
    says: 'four of five values beyond 1 standard deviation on one side',
    ways: onSide(1),
  },
  'one-side': { length: 9, needed: 9, says: 'nine values in a row on one side of the mean', ways: onSide(0) },
  trend: {
    length: 5,
    needed: 5,
    says: 'six values in a row that rise, or that fall',
    ways: [(z, previous) => z > previous, (z, previous) => z < previous],
  },
  alternating: {
    length: 12,
    needed: 12,
    says: 'fourteen values in a row that go up and down in turns',
    ways: [(z, previous, beforeThat) => (z - previous) * (previous - beforeThat) < 0],
  },
  hugging: {
    length: 15,
    needed: 15,
    says: 'fifteen values in a row within 1 standard deviation of the mean: the limits are too wide, or values are made up',
    ways: [(z) => Math.abs(z) < 1],
  },
  avoiding: {
    length: 8,
    needed: 8,
    says: 'eight values in a row farther than 1 standard deviation from the mean: two processes in one',
    ways: [(z) => Math.abs(z) > 1],
  },
  stuck: {
    length: 4,
    needed: 4,
    says: 'five values in a row that are exactly the same',
    ways: [(z, previous) => z === previous],
  },
} as const satisfies Record<string, Rule>;

export type PatternName = keyof typeof PATTERNS;
export const PATTERN_NAMES = Object.keys(PATTERNS) as PatternName[];

/** A pattern that the values show, and where the last value of its first run stands. */
export interface Pattern {
  readonly name: PatternName;
  readonly at: number;
}

/**
 * The first run of each pattern in values.
 *
 * @param names Each pattern adds false alarms: look for those that tell you something.
 */
export function patternsIn(
  values: readonly number[],
  { mean, deviation }: Pick<Sample, 'mean' | 'deviation'>,
  names: readonly PatternName[] = PATTERN_NAMES,
): readonly Pattern[] {
  requirePositive(deviation, 'The standard deviation of a chart');
  const distances = values.map((value) => (value - mean) / deviation);
  return names.flatMap((name) => {
    const rule: Rule = PATTERNS[name];
    const at = Math.min(...rule.ways.map((way) => firstRun(distances, way, rule)));
    return Number.isFinite(at) ? [{ name, at }] : [];
  });
}

function firstRun(distances: readonly number[], way: Rule['ways'][number], { length, needed }: Rule): number {
  const fits = distances.map((z, index) =>
    way(z, distances[index - 1] ?? Number.NaN, distances[index - 2] ?? Number.NaN),
  );
  let inWindow = 0;
  for (const [index, fit] of fits.entries()) {
    inWindow += Number(fit) - Number(fits[index - length] ?? false);
    if (fit && inWindow >= needed) return index;
  }
  return Number.POSITIVE_INFINITY;
}
