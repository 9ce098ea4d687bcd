import assert from 'node:assert/strict';
import { cmc } from '@tracecal/core/trace';
import { expanded, lineOf, rowOf, workOn } from '../../../support/accreditationLines.js';

describe('The nominal ends of a line', () => {
  const line = lineOf({ quantity: 'mass', unit: '\\kilogram', min: 1e-6, max: 20 });
  const judged = (value: number, U: number) =>
    cmc.judge(rowOf({ quantity: 'mass', unit: '\\kilogram', value, uncertainty: expanded(U) }), [line], workOn());

  it('hold for a weight of 20.000003 kg on a line to 20 kg, with a note', () => {
    assert.equal(judged(20.000003, 0.05).outcome, 'note');
    assert.match(cmc.described(judged(20.000003, 0.05)), /just beyond the range of the line/);
    assert.equal(judged(20, 0.05).outcome, 'sound');
  });

  it('give the CMC there', () => {
    assert.equal(judged(20.000003, 0.001).outcome, 'failed');
  });

  it('do not hold for 21 kg, nor for 0.9 mg', () => {
    assert.deepEqual([judged(21, 0.05).outcome, judged(9e-7, 0.05).outcome], ['missing', 'missing']);
  });

  it('do not matter for a zero of a quantity with a natural zero', () => {
    assert.equal(judged(0, 1e-9).outcome, 'note');
    assert.match(cmc.described(judged(0, 1e-9)), /needs no line/);
  });
});
