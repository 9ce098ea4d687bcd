import assert from 'node:assert/strict';
import { PATTERN_NAMES, patternsIn } from '@tracecal/gateway-client/monitor';
import type { PatternName } from '@tracecal/gateway-client/monitor';
import { near } from '../../../support/near.js';
import { normals } from '../../../support/normals.js';
import { Random } from '../../../support/random.js';
import { refusesInput } from '../../../support/refusesInput.js';
import { runSeed } from '../../../support/seed.js';

const base = { mean: 10, deviation: 2 };
/** Values at so many standard deviations from the mean. */
const at = (...distances: readonly number[]): number[] => distances.map((z) => base.mean + base.deviation * z);
const turns = (length: number, ...distances: readonly number[]): number[] =>
  Array.from({ length }, (_, index) => distances[index % distances.length]!);

interface Case {
  /** The shortest run that shows it. */
  readonly shows: readonly number[];
  /** What is just none. */
  readonly just: readonly number[];
  /** A value that does not belong to a run below it, upside down. */
  readonly before?: number;
}

const CASES: Readonly<Record<PatternName, Case>> = {
  beyond: { shows: [0.5, -3.1], just: [0.5, 3] },
  'two-of-three': { shows: [2.1, 0, 2.1], just: [2.1, 0, 0, 2.1, 0, -2.1] },
  'four-of-five': { shows: [1.1, 1.2, 0, 1.3, 1.1], just: [1.1, 1.2, 0, 1.3, -1.1] },
  'one-side': { shows: turns(9, -0.5, -0.2), just: [...turns(8, 0.5, 0.2), -0.1], before: -0.3 },
  trend: { shows: [-1.5, -1, -0.5, 0, 0.5, 1], just: [-1, -0.5, 0, 0.5, 1, 1] },
  alternating: { shows: turns(14, 1.5, -1.2), just: turns(13, 1.5, -1.2), before: -2 },
  hugging: { shows: turns(15, 0.5, -0.6, 0.1), just: turns(14, 0.5, -0.6, 0.1), before: 1.2 },
  avoiding: { shows: turns(8, 1.5, -1.2), just: turns(7, 1.5, -1.2) },
  stuck: { shows: turns(5, 0.7), just: turns(4, 0.7) },
};

describe('Patterns on a control chart', () => {
  for (const name of PATTERN_NAMES) {
    it(`are found with their last value, and not one value earlier: ${name}`, () => {
      const { shows, just, before = 0.3 } = CASES[name];
      assert.deepEqual(patternsIn(at(...shows), base, [name]), [{ name, at: shows.length - 1 }]);
      assert.deepEqual(patternsIn(at(...just), base, [name]), []);
      // The same anywhere later, and below the mean as above.
      const later = [before, ...shows.map((z) => -z)];
      assert.equal(patternsIn(at(...later), base, [name])[0]?.at, later.length - 1);
    });
  }

  it('show where the first run of each ends, and nothing in a process in order', () => {
    assert.deepEqual(patternsIn(at(0.2, -0.7, 1.4, -0.3, 0.8), base), []);
    assert.deepEqual(patternsIn(at(0, 3.5, 0, 0, 3.5), base, ['beyond']), [{ name: 'beyond', at: 1 }]);
    refusesInput(() => patternsIn([1], { mean: 0, deviation: 0 }), /positive number/);
  });

  it('come by chance as often as their rules say', () => {
    const random = new Random(runSeed);
    const runs = 4000;
    const share = (name: PatternName, length: number): number => {
      let shown = 0;
      for (let run = 0; run < runs; run += 1) {
        shown += patternsIn(normals(random, length), { mean: 0, deviation: 1 }, [name]).length;
      }
      return shown / runs;
    };
    const expect = (name: PatternName, length: number, chance: number): void => {
      near(share(name, length), chance, 5 * Math.sqrt((chance * (1 - chance)) / runs));
    };
    expect('beyond', 10, 1 - (1 - 0.0026998) ** 10);
    expect('one-side', 9, 2 * 0.5 ** 9);
    // Of 720 orders of six values, one rises and one falls.
    expect('trend', 6, 2 / 720);
    expect('hugging', 15, 0.6826895 ** 15);
    expect('avoiding', 8, 0.3173105 ** 8);
  });
});
