import assert from 'node:assert/strict';
import { result, row, source, decide } from './build.js';

describe('The edge of a calibrated range towards a natural zero', () => {
  const FLOW = { kind: 'volume-flow', scale: 'ratio', dimension: 'm3 s-1', axes: [] } as const;
  const FREQUENCY = [{ kind: 'frequency', name: 'frequency' }];
  const flow = (ends: readonly number[]) => ({ ...source([], FLOW), rows: ends.map((y) => ({ x: [], y, u: 1e-6 })) });
  const flowAt = (y: number, ends: readonly number[]) =>
    decide(result([row(y, 1, { x: [] })], { ...FLOW, method: 'direct' }), [flow(ends)]).position;

  it('is 2 % of the last value, whatever lies at the other end', () => {
    assert.deepEqual([flowAt(0.99, [1, 1000]), flowAt(0.97, [1, 1000]), flowAt(0.01, [1, 1000])], ['edge', 'outside', 'outside']); // prettier-ignore
    assert.deepEqual([flowAt(0.99, [1]), flowAt(0.97, [1])], ['edge', 'outside']);
    assert.deepEqual([flowAt(-0.97, [-1000, -1]), flowAt(-1019, [-1000, -1])], ['outside', 'edge']);
  });

  it('is 2 % of the span away from zero, and around zero', () => {
    assert.deepEqual([flowAt(1019, [1, 1000]), flowAt(1021, [1, 1000])], ['edge', 'outside']);
    assert.deepEqual([flowAt(-1, [0, 1000]), flowAt(-21, [0, 1000])], ['edge', 'outside']);
  });

  it('is that of the argument for what was found over a frequency', () => {
    const found = { kind: 'ac-dc-difference', axes: FREQUENCY, values: 'finding' } as const;
    const standard = source([[40, 2e-6, 5e-6], [1e6, 1e-4, 5e-5]], { kind: 'ac-dc-difference', axes: FREQUENCY }); // prettier-ignore
    const at = (hertz: number) =>
      decide(result([row(hertz, 1, { y: 5e-6 })], { ...found, method: 'direct' }), [standard]).position;
    assert.deepEqual([at(39.5), at(38), at(0.1), at(1.01e6)], ['edge', 'outside', 'outside', 'edge']);
  });
});
