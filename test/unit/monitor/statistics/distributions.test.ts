import {
  biasOfDeviation,
  quantileOfF,
  quantileOfT,
  tailOfBinomial,
  tailOfChiSquare,
  tailOfF,
  tailOfPoisson,
  tailsOfNormal,
  tailsOfT,
} from '@tracecal/gateway-client/monitor';
import fc from 'fast-check';
import { near } from '../../../support/near.js';
import { property } from '../../../support/property.js';

describe('Distributions of a monitor', () => {
  it('have the values of published tables', () => {
    near(quantileOfT(0.05, 1), 12.706, 5e-4);
    near(quantileOfT(0.05, 10), 2.228, 5e-4);
    near(quantileOfT(0.01, 30), 2.75, 5e-4);
    near(quantileOfF(0.05, 5, 10), 3.326, 5e-4);
    near(quantileOfF(0.01, 1, 1), 4052.18, 5e-3);
    near(tailOfChiSquare(16.919, 9), 0.05, 5e-6);
    near(tailOfChiSquare(37.566, 20), 0.01, 5e-6);
    near(tailsOfNormal(1.96), 0.049996, 5e-7);
    near(tailsOfNormal(3), 0.0026998, 5e-8);
  });

  it('count exactly where counting is possible', () => {
    near(tailOfBinomial(2, 3, 0.5), 0.5, 1e-14);
    near(tailOfBinomial(10, 10, 0.1), 1e-10, 1e-20);
    near(tailOfBinomial(0, 3, 0.5), 1, 0);
    near(tailOfBinomial(4, 3, 0.5), 0, 0);
    near(tailOfPoisson(1, 0.5), 1 - Math.exp(-0.5), 1e-14);
    near(tailOfPoisson(3, 2), 1 - 5 * Math.exp(-2), 1e-14);
  });

  it('know how much too small standard deviations of few values are', () => {
    // sqrt(2 / pi), and the published c4.
    near(biasOfDeviation(2), 0.7978846, 5e-8);
    near(biasOfDeviation(5), 0.9399856, 5e-8);
    near(biasOfDeviation(25), 0.9896404, 5e-8);
  });

  it('lead from a probability to a value and back, for all degrees of freedom', () => {
    const freedom = fc.integer({ min: 1, max: 500 });
    property(fc.tuple(fc.double({ min: 1e-6, max: 0.999, noNaN: true }), freedom, freedom), ([p, own, others]) => {
      near(tailOfF(quantileOfF(p, own, others), own, others), p, 1e-9);
      near(tailsOfT(quantileOfT(p, own), own), p, 1e-9);
    });
  });
});
