import assert from 'node:assert/strict';
import { driftOf, leavesAt, polynomial, pooledDeviation, sampleOf } from '@tracecal/gateway-client/monitor';
import fc from 'fast-check';
import { near } from '../../../support/near.js';
import { normals } from '../../../support/normals.js';
import { property } from '../../../support/property.js';
import { Random } from '../../../support/random.js';
import { refusesInput } from '../../../support/refusesInput.js';
import { runSeed } from '../../../support/seed.js';

describe('A polynomial through points', () => {
  it('is found again with the values that it gave', () => {
    const coefficient = fc.double({ min: -100, max: 100, noNaN: true });
    property(fc.array(coefficient, { minLength: 1, maxLength: 4 }), (coefficients) => {
      const xs = [-3, -1, 0, 2, 5, 7, 8];
      const ys = xs.map((x) => coefficients.reduce((sum, each, power) => sum + each * x ** power, 0));
      const found = polynomial(xs, ys, coefficients.length - 1);
      coefficients.forEach((each, power) => {
        near(found.coefficients[power], each, 1e-9);
      });
    });
  });

  it('says how well its coefficients are known', () => {
    // y = 2 x with errors 1, -2, 1 around it: the slope keeps its value, and what is left has one degree of freedom.
    const { coefficients, uncertainties, residual, freedom } = polynomial([-1, 0, 1], [-1, -2, 3], 1);
    near(coefficients[0], 0, 1e-12);
    near(coefficients[1], 2, 1e-12);
    near(residual, Math.sqrt(6), 1e-12);
    near(uncertainties[0], Math.sqrt(2), 1e-12);
    near(uncertainties[1], Math.sqrt(3), 1e-12);
    assert.equal(freedom, 1);
  });

  it('is refused with too few points, or the same x for all', () => {
    refusesInput(() => polynomial([1, 2], [1, 2], 1), /at least 3 points: there are 2/);
    refusesInput(() => polynomial([2, 2, 2], [1, 2, 3], 1), /needs 2 different x/);
    refusesInput(() => polynomial([1, 2, 3], [1, 2], 1), /a y for each x/);
    refusesInput(() => polynomial([1, 2, Number.NaN], [1, 2, 3], 1), /no finite number/);
  });
});

describe('A drift', () => {
  it('is found where values rise, and told from chance', () => {
    const moments = [0, 100, 200, 300, 400];
    const { rate, chance } = driftOf(moments, [0, 0.11, 0.19, 0.31, 0.39]);
    near(rate, 0.00098, 1e-12);
    assert.ok(chance < 0.001);
    assert.ok(driftOf(moments, [0.1, -0.1, 0.1, -0.1, 0.1]).chance > 0.5);
    assert.equal(driftOf(moments, [1, 1, 1, 1, 1]).chance, 1);
  });

  it('seems to be there where nothing drifts, in one of twenty cases at the usual level', () => {
    const random = new Random(runSeed);
    const moments = Array.from({ length: 8 }, (_, index) => index);
    const runs = 2000;
    let found = 0;
    for (let run = 0; run < runs; run += 1) found += Number(driftOf(moments, normals(random, 8)).chance < 0.05);
    // Five standard deviations of the share.
    near(found / runs, 0.05, 5 * Math.sqrt((0.05 * 0.95) / runs));
  });

  it('leaves its limits at the earliest moment that its uncertainty allows, or not before the horizon', () => {
    const moments = [0, 1, 2, 3, 4];
    const exact = moments.map((moment) => moment / 10);
    near(leavesAt(moments, exact, { lower: -1, upper: 1 }, 100), 10, 1e-9);
    const scattered = exact.map((value, index) => value + (index % 2 ? 0.02 : -0.02));
    const earlier = leavesAt(moments, scattered, { lower: -1, upper: 1 }, 100);
    assert.ok(earlier !== undefined && earlier > 4 && earlier < 10, String(earlier));
    assert.equal(leavesAt(moments, exact, { lower: -1, upper: 1 }, 9), undefined);
    assert.equal(leavesAt(moments, exact, { lower: -1, upper: 0.3 }, 9), 4);
  });
});

describe('A standard deviation', () => {
  it('keeps its digits where values are large and differ little', () => {
    near(sampleOf([1e9 + 1, 1e9 + 2, 1e9 + 3]).deviation, 1, 1e-9);
    refusesInput(() => sampleOf([1]), /at least 2 values: there are 1/);
    refusesInput(() => sampleOf([1, Infinity, 2]), /Value 2 of 3/);
  });

  it('is pooled over groups of different means', () => {
    const { deviation, freedom } = pooledDeviation([[1, 3], [10, 14], [7]]);
    near(deviation, Math.sqrt((2 + 8) / 2), 1e-12);
    assert.equal(freedom, 2);
    refusesInput(() => pooledDeviation([[1], [2]]), /groups of two or more/);
  });
});
