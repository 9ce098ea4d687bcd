import assert from 'node:assert/strict';
import type { Argument, Result } from '@tracecal/core/model';
import { resultOf, Workshop } from '../../support/workshop.js';

describe('An argument of the kind of the value', () => {
  const supply: Argument = { name: 'Supply voltage', role: 'physical', quantity: 'dc-voltage', unit: '\\volt' };
  const nominal: Argument = { ...supply, name: 'Nominal voltage' };
  let workshop: Workshop;

  const voltages = (rows: readonly [number, number][]): Result => resultOf('dc-voltage', rows);
  const at = (rows: readonly [number, number][], numbers: readonly number[], argument = supply): Result => ({
    ...voltages(rows),
    arguments: [argument],
    rows: voltages(rows).rows.map((row, place) => ({ ...row, at: [numbers[place] ?? NaN] })),
  });
  const outcome = async (id: string, parent: string, result: Result) => {
    await workshop.device(id, { parents: [parent], results: [result] });
    return workshop.outcome(id);
  };

  beforeEach(async () => {
    workshop = await Workshop.open();
  });

  it('does not replace the value of a result: 500 V at a supply of 20 V is compared at 500 V', async () => {
    const standard = await workshop.standard('standard', voltages([[1, 1e-6], [20, 1e-6], [500, 0.5]])); // prettier-ignore
    assert.match(await outcome('a', standard, at([[500, 0.005]], [20])), /^FAILED/);
    assert.match(await outcome('b', standard, at([[300, 1]], [0.1])), /^TRACEABLE/);
  });

  it('does not replace the values of a standard: 500 V at a supply of 22 V do not cover 23 V', async () => {
    const standard = await workshop.standard('standard', at([[500, 0.5], [900, 1]], [22, 24])); // prettier-ignore
    assert.match(await outcome('a', standard, voltages([[23, 1.5]])), /^INCOMPLETE/);
    assert.match(await outcome('b', standard, voltages([[800, 2]])), /^TRACEABLE/);
  });

  it('is compared with the same argument of a standard', async () => {
    const standard = await workshop.standard('standard', at([[500, 0.5], [900, 1], [500, 0.5], [900, 1]], [22, 22, 24, 24])); // prettier-ignore
    assert.match(await outcome('a', standard, at([[800, 2]], [23])), /^TRACEABLE/);
    assert.match(await outcome('b', standard, at([[800, 2]], [60])), /^INCOMPLETE/);
  });

  it('stands for the value where it is near every one of them: nominal values', async () => {
    const standard = await workshop.standard('standard', at([[10.1, 0.01], [100.4, 0.1]], [10, 100], nominal)); // prettier-ignore
    assert.match(await outcome('a', standard, at([[99.8, 0.2]], [100], nominal)), /^TRACEABLE/);
    assert.match(await outcome('b', standard, voltages([[50, 0.02]])), /^FAILED/);
  });
});
