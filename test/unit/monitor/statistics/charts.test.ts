import assert from 'node:assert/strict';
import {
  cusum,
  deviationWithin,
  ewma,
  groupsOf,
  isOutside,
  limitsOfDeviations,
  limitsOfEwma,
  limitsOfMeans,
  limitsOfRanges,
  limitsOfValues,
  neighbouring,
  sampleOf,
} from '@tracecal/gateway-client/monitor';
import { near } from '../../../support/near.js';
import { normals } from '../../../support/normals.js';
import { Random } from '../../../support/random.js';
import { refusesInput } from '../../../support/refusesInput.js';
import { runSeed } from '../../../support/seed.js';

/** NIST/SEMATECH e-Handbook, 6.3.2.4. */
const HANDBOOK = {
  base: { mean: 50, deviation: 2.0539 },
  weight: 0.3,
  values: [
    52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6,
    52.1,
  ],
  averages: [
    50.6, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33, 50.11, 49.36, 49.52, 50.05, 49.38, 49.92,
    50.73, 51.23, 51.94, 51.99,
  ],
};

describe('A control chart', () => {
  it('of single values has its limits three standard deviations from the mean', () => {
    const limits = limitsOfValues(sampleOf([9, 10, 11]));
    assert.deepEqual(limits, { lower: 7, centre: 10, upper: 13 });
    assert.deepEqual(
      [7, 13, 13.001, 6.999, Number.NaN, Infinity].map((value) => isOutside(value, limits)),
      [false, false, true, true, true, true],
    );
  });

  it('of piston rings in 25 groups of five has the published limits', () => {
    const centre = 74.00118;
    near(deviationWithin({ meanRange: 0.02276 }, 5), 0.009785039, 5e-7);
    const means = limitsOfMeans(centre, { meanRange: 0.02276 }, 5);
    near(means.lower, 73.98805, 5e-6);
    near(means.upper, 74.0143, 1e-5);
    near(limitsOfRanges(0.02276, 5).upper, 0.04812533, 1e-6);
    assert.equal(limitsOfRanges(0.02276, 5).lower, 0);
    near(limitsOfDeviations(0.009240037, 5).upper, 0.019302416, 5e-9);
  });

  it('of groups takes their means, ranges and standard deviations', () => {
    const { size, centre, meanRange, meanDeviation } = groupsOf([
      [1, 3],
      [2, 6],
      [4, 4],
    ]);
    assert.deepEqual([size, meanRange], [2, 2]);
    near(centre, 10 / 3, 1e-14);
    near(meanDeviation, Math.SQRT2, 1e-14);
    refusesInput(() => groupsOf([[1, 2], [3]]), /one size/);
    refusesInput(() => groupsOf([]), /at least 2/);
    refusesInput(() => limitsOfRanges(1, 11), /2 to 10 values, not of 11/);
  });

  it('of neighbours does not become wider by a drift', () => {
    const drifting = Array.from({ length: 100 }, (_, index) => index + (index % 2));
    near(neighbouring(drifting).deviation, meanOfDifferences(drifting) / 1.128, 1e-3);
    assert.ok(sampleOf(drifting).deviation > 20);
  });

  it('with moving averages has the published ones, and their limits', () => {
    const points = ewma(HANDBOOK.values, HANDBOOK.base, { weight: HANDBOOK.weight });
    HANDBOOK.averages.forEach((average, index) => {
      near(points[index]?.statistic, average, 0.0051);
    });
    const { lower, upper } = limitsOfEwma(HANDBOOK.base, { weight: HANDBOOK.weight });
    near(lower, 47.4115, 1e-4);
    near(upper, 52.5884, 1e-4);
    assert.ok(points.every(({ outside }) => !outside));
    // Of one value only its share counts, so its limits are those of that share.
    near(points[0]?.limits.upper, 50 + 3 * 0.3 * 2.0539, 1e-12);
    refusesInput(() => ewma([1], HANDBOOK.base, { weight: 0 }), /above 0 and at most 1/);
  });

  it('with cumulative sums adds up what is beyond the slack, and forgets what is not', () => {
    const points = cusum([1, 1, 0.25, -4, 0], { mean: 0, deviation: 1 }, { slack: 0.5, decision: 1 });
    assert.deepEqual(
      points.map(({ above, below, outside }) => [above, below, outside]),
      [
        [0.5, 0, false],
        [1, 0, false],
        [0.75, 0, false],
        [0, 3.5, true],
        [0, 3, true],
      ],
    );
    refusesInput(() => cusum([1], { mean: 0, deviation: 0 }), /positive number/);
  });

  it('with cumulative sums finds shifts in the published number of values, and none in about 465', () => {
    // Average run lengths on both sides for a slack of 0.5 and a decision of 5 (Montgomery, Introduction to Statistical Quality Control).
    const published = [
      { shift: 0, values: 465, runs: 400 },
      { shift: 1, values: 10.4, runs: 1000 },
      { shift: 2, values: 4.01, runs: 1000 },
    ];
    const random = new Random(runSeed);
    for (const { shift, values, runs } of published) {
      let total = 0;
      for (let run = 0; run < runs; run += 1) total += runLength(random, shift);
      // Run lengths scatter about as much as their mean: five standard deviations of the mean of all runs.
      near(total / runs, values, (5 * values) / Math.sqrt(runs) + 0.1);
    }
  });
});

function runLength(random: Random, shift: number): number {
  const values: number[] = [];
  for (let length = 64; ; length *= 2) {
    values.push(...normals(random, length - values.length).map((value) => value + shift));
    const at = cusum(values, { mean: 0, deviation: 1 }).findIndex(({ outside }) => outside);
    if (at >= 0) return at + 1;
  }
}

function meanOfDifferences(values: readonly number[]): number {
  const differences = values.slice(1).map((value, index) => Math.abs(value - values[index]!));
  return differences.reduce((sum, each) => sum + each, 0) / differences.length;
}
