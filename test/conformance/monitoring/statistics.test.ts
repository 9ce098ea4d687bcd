import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ewma, isOutside, limitsOfEwma, limitsOfValues, polynomial, sampleOf } from '@tracecal/gateway-client/monitor';
import { near } from '../../support/near.js';
import { requireSharedData } from '../../support/sharedData.js';

/** The lines of a data set that are numbers. */
function numbersIn(test: Mocha.Context, name: string): number[][] {
  const text = readFileSync(requireSharedData(test, 'monitoring', name), 'utf8');
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return rows.filter((row) => row.length > 1 && row.every(Number.isFinite));
}

describe('A control chart of 217 check standard runs of a kilogram', () => {
  const column = (rows: number[][], index: number): number[] => rows.map((row) => row[index]!);

  it('has the published base and limits, and is first left where they say', function () {
    const runs = numbersIn(this, 'MASS.DAT');
    assert.equal(runs.length, 217);
    const [before, later] = [runs.filter(([date]) => date! < 85), runs.filter(([date]) => date! >= 85)];
    const base = sampleOf(column(before, 2));
    assert.equal(base.count, 99);
    near(base.mean, -19.47851, 5e-7);
    near(base.deviation, 0.030652, 5e-7);

    const limits = limitsOfValues(base);
    near(limits.lower, -19.570467, 5e-7);
    near(limits.upper, -19.386553, 5e-7);
    near(later.find((run) => isOutside(run[2]!, limits))?.[0], 86.511, 0);

    const averaged = limitsOfEwma(base);
    near(averaged.lower, -19.509162, 5e-7);
    near(averaged.upper, -19.447858, 5e-7);
    const at = ewma(column(later, 2), base).findIndex(({ statistic }) => isOutside(statistic, averaged));
    near(later[at]?.[0], 86.513, 0);
  });
});

describe('A parabola through the calibration of a load cell', () => {
  it("has NIST's certified coefficients, uncertainties and residual standard deviation", function () {
    const points = numbersIn(this, 'PONTIUS.DAT');
    assert.equal(points.length, 40);
    const { coefficients, residual, freedom } = polynomial(
      points.map((point) => point[1]!),
      points.map((point) => point[0]!),
      2,
    );
    const certified = [0.673565789473684e-3, 0.732059160401003e-6, -0.316081871345029e-14];
    certified.forEach((value, power) => {
      near(coefficients[power], value, Math.abs(value) * 1e-11);
    });
    near(residual, 0.205177424076185e-3, 0.205e-3 * 1e-11);
    assert.equal(freedom, 37);
  });
});
