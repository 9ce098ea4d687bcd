import { runs } from './property.js';
import { Random } from './random.js';
import { runSeed } from './seed.js';

/** So many of these, at random by the seed of the run and in their order; TRACECAL_RUNS multiplies the number, up to all of them. */
export function sample<T>(all: readonly T[], everyday: number): readonly T[] {
  const random = new Random(runSeed);
  const drawn = all.map((_, index) => ({ index, at: random.next() })).sort((one, other) => one.at - other.at);
  const chosen = new Set(drawn.slice(0, runs(everyday)).map(({ index }) => index));
  return all.filter((_, index) => chosen.has(index));
}
