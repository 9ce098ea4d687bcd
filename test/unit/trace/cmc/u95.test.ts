import assert from 'node:assert/strict';
import { cmc } from '@tracecal/core/trace';
import fc from 'fast-check';
import { expanded } from '../../../support/accreditationLines.js';
import { property } from '../../../support/property.js';

const { u95Of } = cmc;

/** Two-sided quantiles of the normal distribution from published tables. */
const QUANTILES: readonly (readonly [number, number])[] = [
  [0.5, 0.674489750196082],
  [0.6827, 1.000021713322999],
  [0.9, 1.644853626951473],
  [0.99, 2.575829303548901],
  [0.9973, 2.9999769927034015],
  [0.999, 3.290526731491896],
  [0.999999, 4.891638475699412],
];

function assertClose(actual: number | undefined, wanted: number): void {
  assert.ok(actual !== undefined && Math.abs(actual - wanted) <= 1e-9 * wanted, `${actual} is not ${wanted}`);
}

describe('The expanded uncertainty at 95 %', () => {
  const cases: readonly (readonly [string, cmc.StatedUncertainty, number, cmc.U95Reading])[] = [
    ['is what is stated for p = 0.95', expanded(0.02, 2, 0.95), 0.02, 'as-stated'],
    [
      'is what is stated for p = 0.9545 and a k of few degrees of freedom',
      expanded(5.1e-5, 2.65, 0.9545),
      5.1e-5,
      'as-stated',
    ],
    [
      'is what is stated for p = 0.94 and p = 0.96, the ends of what counts as 95 %',
      expanded(1, 2, 0.94),
      1,
      'as-stated',
    ],
    ['is what is stated for p = 0.96', expanded(1, 2, 0.96), 1, 'as-stated'],
    ['is what is stated for p = 0.95 even with k = 1', expanded(1, 1, 0.95), 1, 'as-stated'],
    ['is twice a standard uncertainty, k = 1 without p', expanded(1e-6, 1, null), 2e-6, 'standard'],
    ['is what is stated for k = 1.9 to 2.1 without p', expanded(1, 2.1, null), 1, 'as-stated'],
    ['is 2U/k for a larger k without p', expanded(3, 3, null), 2, 'coverage-factor'],
    ['is U for a smaller k without p', expanded(3, 1.65, null), 3, 'coverage-factor'],
    ['is not raised by a k a little above 1', expanded(3, 1.001, null), 3, 'coverage-factor'],
    [
      'is 0.95/p of a rectangular half-width',
      { ...expanded(1, 1.73, 1), distribution: 'rectangular' },
      0.95,
      'probability',
    ],
    [
      'is the 95 % part of a triangular half-width',
      { ...expanded(1, 2.45, 1), distribution: 'triangular' },
      0.7763932022500211,
      'probability',
    ],
    [
      'is the 95 % part of a U-shaped half-width',
      { ...expanded(1, 1.41, 1), distribution: 'u-shaped' },
      0.9969173337331281,
      'probability',
    ],
    ['takes p = 1 of a normal quantity for no statement', expanded(1, 2, 1), 1, 'as-stated'],
    [
      'takes p = 1 of a normal quantity with k = 1 for no standard uncertainty',
      expanded(1, 1, 1),
      1,
      'coverage-factor',
    ],
  ];
  for (const [what, stated, value, reading] of cases) {
    it(what, () => {
      const u95 = u95Of(stated);
      assertClose(u95?.value, value);
      assert.equal(u95?.reading, reading);
    });
  }

  for (const [p, z] of QUANTILES) {
    it(`follows the normal distribution from p = ${p}, to no more than a doubled standard uncertainty`, () => {
      const u95 = u95Of(expanded(z, Math.max(1, z), p));
      assertClose(u95?.value, Math.min(1.959963984540054, 2 * z));
      assert.equal(u95?.reading, 'probability');
    });
  }

  it('takes its limits from the policy', () => {
    const strict = { ...cmc.CMC_POLICY, probability: { from: 0.95, to: 0.95 } };
    assert.equal(u95Of(expanded(1, 2, 0.9545))?.reading, 'as-stated');
    assert.equal(u95Of(expanded(1, 2, 0.9545), strict)?.reading, 'probability');
  });

  const nonsense = [0, -1, NaN, Infinity];
  it('is undefined for an impossible uncertainty, coverage factor or probability', () => {
    for (const number of nonsense) {
      assert.equal(u95Of(expanded(number)), undefined, `U = ${number}`);
      assert.equal(u95Of(expanded(1, number)), undefined, `k = ${number}`);
      assert.equal(u95Of(expanded(1, 2, number)), undefined, `p = ${number}`);
    }
    assert.equal(u95Of(expanded(1, 0.99)), undefined);
    assert.equal(u95Of(expanded(1, 2, 1.01)), undefined);
  });

  it('falls as the stated probability rises', () => {
    const probability = fc.double({ min: 0.01, max: 0.999999, noNaN: true });
    property(fc.tuple(probability, probability), ([p, q]) => {
      const [low, high] = [p, q].sort((a, b) => a - b).map((one) => u95Of(expanded(1, 2, one))?.value ?? NaN);
      const bothScaled = [p, q].every((one) => one < 0.94 || one > 0.96);
      assert.ok(!bothScaled || (low ?? NaN) >= (high ?? NaN) * (1 - 1e-9));
    });
  });

  it('is finite and positive for every probability below 1', () => {
    property(fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true }), (p) => {
      const u95 = u95Of(expanded(1, 2, p));
      assert.ok(u95 === undefined ? p < 1e-300 : Number.isFinite(u95.value) && u95.value > 0);
    });
  });

  it('is told with the coverage factor that belongs to it', () => {
    const told = (U: number, k: number, p: number | null) => {
      const read = cmc.at95(expanded(U, k, p));
      return (
        read && [read.expanded, read.k].map((number) => Number(number.toPrecision(3))).concat(read.isStated ? 1 : 0)
      );
    };
    assert.deepEqual(told(0.1, 2, 0.95), [0.1, 2, 1]);
    assert.deepEqual(told(0.1, 2.13, 0.95), [0.1, 2.13, 1]);
    assert.deepEqual(told(0.1, 1, null), [0.2, 2, 0]);
    assert.deepEqual(told(0.03, 3, 0.9973), [0.0196, 1.96, 0]);
    assert.equal(told(0.03, 0.5, null), undefined);
  });

  it('is the larger reading for those who use the value, if k is too small for its probability', () => {
    const read = (k: number, p: number | null, more: Partial<cmc.StatedUncertainty> = {}) => {
      const stated = { ...expanded(0.1, k, p), ...more };
      const [least, most, told] = [u95Of(stated), cmc.cautiousU95(stated), cmc.at95(stated)];
      assert.equal(told?.expanded, most?.value);
      return [least, most].map((u95) => Number(u95?.value.toPrecision(3)));
    };
    // U is either 95 % with k = 2, or 99.9999 % of a normal quantity.
    assert.deepEqual(read(2, 0.999999), [0.0401, 0.1]);
    assert.deepEqual(read(2, 0.9973), [0.0653, 0.1]);
    assert.deepEqual(read(1, 0.95), [0.1, 0.2]);
    assert.deepEqual(read(1, 1), [0.1, 0.2]);
    assert.deepEqual(read(1.25, null), [0.1, 0.16]);
    // Nothing contradicts here.
    assert.deepEqual(read(3, 0.9973), [0.0653, 0.0653]);
    assert.deepEqual(read(1.65, 0.9), [0.119, 0.119]);
    assert.deepEqual(read(1, 0.6827), [0.196, 0.196]);
    assert.deepEqual(read(12.7, 0.95), [0.1, 0.1]);
    assert.deepEqual(read(1.65, 0.95, { distribution: 'rectangular' }), [0.1, 0.1]);
    assert.deepEqual(read(1.73, 1, { distribution: 'rectangular' }), [0.095, 0.095]);
    // A distribution with limits has factors of its own.
    assert.deepEqual(read(1, 0.95, { distribution: 'rectangular' }), [0.1, 0.165]);
    assert.deepEqual(read(1, 1, { distribution: 'triangular' }), [0.0776, 0.19]);
    assert.deepEqual(read(1, null, { distribution: 'u-shaped' }), [0.2, 0.2]);
    assert.deepEqual(read(1.25, null, { distribution: 'rectangular' }), [0.1, 0.132]);
  });

  it('is the larger reading for those who use the value, if k may mean few readings', () => {
    const read = (k: number, p: number | null) =>
      [u95Of, cmc.cautiousU95].map((each) => Number(each(expanded(0.1, k, p))?.value.toPrecision(3)));
    // U is 99.73 % with k = 3, or 95 % with three degrees of freedom.
    assert.deepEqual(read(3, null), [0.0667, 0.1]);
    assert.deepEqual(read(12.7, null), [0.0157, 0.1]);
    // Student's factors for one degree of freedom, and for five.
    assert.deepEqual(read(1.84, 0.6827), [0.109, 0.196]);
    assert.deepEqual(read(2.02, 0.9), [0.1, 0.119]);
    assert.deepEqual(read(2, 0.6827), [0.1, 0.196]);
  });

  it('never improves for those who use the value by a number that is left out, or by a larger k', () => {
    const factor = fc.double({ min: 1, max: 13, noNaN: true });
    const value = (k: number, p: number | null) => cmc.cautiousU95(expanded(1, k, p))?.value ?? NaN;
    property(fc.tuple(factor, fc.double({ min: 0.94, max: 0.96, noNaN: true })), ([k, p]) => {
      assert.ok(value(k, null) >= value(k, p), `k = ${k}, p = ${p}`);
    });
    property(fc.tuple(factor, fc.double({ min: 0.1, max: 0.93, noNaN: true })), ([k, p]) => {
      assert.ok(value(k, p) >= value(k, 0.95) * (1 - 1e-9) || k < 1.9, `k = ${k}, p = ${p}`);
    });
  });
});
