import assert from 'node:assert/strict';
import { decide, result, row, source } from './build.js';

describe('Deviations of oscillators and clocks', () => {
  const DEVIATION = { kind: 'relative-frequency-deviation', dimension: '', axes: [] } as const;
  const at = (y: number, u: number) =>
    decide(result([row(y, 2 * u, { x: [] })], { ...DEVIATION, values: 'finding', method: 'direct' }), [
      { ...source([], DEVIATION), rows: [{ x: [], y: 1e-13, u: 5e-13 }] },
    ]);

  it('rest on a smaller deviation of a better one, without arguments', () => {
    assert.equal(at(3.2e-9, 5e-12).outcome, 'sound');
    assert.equal(at(3.2e-9, 1e-13).outcome, 'failed');
  });
});
