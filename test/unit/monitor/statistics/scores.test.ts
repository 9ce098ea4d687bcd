import assert from 'node:assert/strict';
import {
  enScore,
  gradeOfEn,
  gradeOfZ,
  marginOf,
  scattersMore,
  deviationLimit,
  standardOf,
  zetaScore,
  zPrimeScore,
} from '@tracecal/gateway-client/monitor';
import { near } from '../../../support/near.js';
import { refusesInput } from '../../../support/refusesInput.js';

describe('Scores of two results', () => {
  it('compare by expanded uncertainties (En), by standard ones (zeta) and by the purpose (z prime)', () => {
    near(enScore({ value: 10.5, expanded: 0.3 }, { value: 10, expanded: 0.4 }), 1, 1e-12);
    near(zetaScore({ value: 10.5, standard: 0.15 }, { value: 10, standard: 0.2 }), 2, 1e-12);
    near(zPrimeScore(9, { value: 10, standard: 0.3 }, 0.4), -2, 1e-12);
    near(standardOf({ expanded: 0.3, coverageFactor: 2 }), 0.15, 1e-15);
  });

  it('have the grades of their standards', () => {
    assert.deepEqual([-1, 1, 1.01, -1.01, Number.NaN].map(gradeOfEn), [
      'satisfactory',
      'satisfactory',
      'unsatisfactory',
      'unsatisfactory',
      'unsatisfactory',
    ]);
    assert.deepEqual([2, -2.5, 3.01, Number.NaN].map(gradeOfZ), [
      'satisfactory',
      'questionable',
      'unsatisfactory',
      'unsatisfactory',
    ]);
  });

  it('are refused where nothing says how well anything is known', () => {
    refusesInput(() => enScore({ value: 1, expanded: 0 }, { value: 1, expanded: 0 }), /U of both together is 0/);
    refusesInput(() => zetaScore({ value: Infinity, standard: 1 }, { value: 1, standard: 1 }), /no finite number/);
    refusesInput(() => enScore({ value: 1, expanded: Number.NaN }, { value: 1, expanded: 1 }), /no finite number/);
  });
});

describe('An error beside the largest allowed one', () => {
  it('conforms with a guard band, within U of the limit, or not', () => {
    near(marginOf(0.3, 0.1, 0.5).used, 0.8, 1e-12);
    assert.equal(marginOf(0.3, 0.1, 0.5).conforms, 'yes');
    assert.equal(marginOf(-0.45, 0.1, 0.5).conforms, 'within U of the limit');
    assert.equal(marginOf(-0.51, 0.1, 0.5).conforms, 'no');
    refusesInput(() => marginOf(0.1, 0.1, 0), /positive number/);
    refusesInput(() => marginOf(Number.NaN, 0.1, 1), /no finite number/);
  });
});

describe('The scatter of values', () => {
  it('is worse than before where the F test says so', () => {
    const before = { deviation: 1, freedom: 351 };
    // F(0.99; 3, 351) = 3.838.
    near(deviationLimit(before, 3), Math.sqrt(3.8379), 1e-4);
    assert.equal(scattersMore({ deviation: 1.95, freedom: 3 }, before).worse, false);
    const { worse, chance } = scattersMore({ deviation: 1.97, freedom: 3 }, before);
    assert.equal(worse, true);
    assert.ok(chance < 0.01);
    refusesInput(() => scattersMore(before, { deviation: 0, freedom: 3 }), /positive number/);
  });
});
