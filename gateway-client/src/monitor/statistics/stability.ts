import { quantileOfF, tailOfF } from './distributions.js';
import { requirePositive } from './sample.js';

/** A standard deviation and how many degrees of freedom it rests on. */
export interface Scatter {
  readonly deviation: number;
  readonly freedom: number;
}

export interface Compared {
  /** Ratio of the variances, new over old. */
  readonly ratio: number;
  /** What the ratio exceeds with the level's probability, if nothing has changed. */
  readonly limit: number;
  /** Probability of such a ratio by chance. */
  readonly chance: number;
  readonly worse: boolean;
}

/** Whether values scatter more than they did: an F test on one side. */
export function scattersMore(now: Scatter, before: Scatter, level = 0.01): Compared {
  requirePositive(before.deviation, 'The earlier standard deviation');
  const ratio = (now.deviation / before.deviation) ** 2;
  const limit = quantileOfF(level, now.freedom, before.freedom);
  return { ratio, limit, chance: tailOfF(ratio, now.freedom, before.freedom), worse: !(ratio <= limit) };
}

/** The largest standard deviation that a new group may have. */
export function deviationLimit(before: Scatter, freedom: number, level = 0.01): number {
  return before.deviation * Math.sqrt(quantileOfF(level, freedom, before.freedom));
}
