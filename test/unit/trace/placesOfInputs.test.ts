import assert from 'node:assert/strict';
import type { Argument, Support } from '@tracecal/core/model';
import { resultOf, Workshop } from '../../support/workshop.js';

describe('The place where an input was used', () => {
  const frequency: Argument = {
    name: 'Frequency',
    role: 'physical',
    quantity: 'frequency',
    unit: '\\kilo\\hertz',
  };
  let workshop: Workshop;
  let parents: readonly string[];

  /** A voltage source with u = 1 µV at 1 V and 10 V at 1000 V, both at 50 Hz, and a resistor. */
  beforeEach(async () => {
    workshop = await Workshop.open();
    const voltages = resultOf('ac-voltage', [[1, 1e-6], [1000, 10]]); // prettier-ignore
    const rows = voltages.rows.map((row) => ({ ...row, at: [0.05] }));
    const source = await workshop.standard('source', { ...voltages, arguments: [frequency], rows });
    parents = [source, await workshop.standard('resistor', resultOf('resistance', [[1000, 1e-9]]))];
  });

  /** A current of 1 A by Ohm's law. */
  const outcome = async (at: readonly number[], u: number, values: readonly number[] = [1]) => {
    const uses: Support['uses'] = [
      { source: 0, role: 'input', quantity: 'ac-voltage', at, exponent: 1 },
      { source: 1, role: 'input', quantity: 'resistance', at: [1000], exponent: -1 },
    ];
    const rows = values.map((value): [number, number] => [value, u]);
    const id = `meter-${at.join('-')}-${u}-${values.length}`.replaceAll('.', '-');
    await workshop.device(id, {
      parents: [...parents],
      results: [resultOf('dc-current', rows, { method: 'product', uses })],
    });
    return workshop.outcome(id);
  };

  it('may name the value after the arguments, each in its own unit', async () => {
    assert.match(await outcome([0.05, 1000], 2e-2), /^TRACEABLE/);
    assert.match(await outcome([0.05, 1000], 2e-9), /^FAILED/);
  });

  it('is compared with the formula by the value that it names', async () => {
    assert.match(await outcome([0.05, 1], 2e-2), /^INCOMPLETE.*gives 0\.001 A/);
  });

  it('is outside if no such value was calibrated at the arguments', async () => {
    assert.match(await outcome([0.05, 5000], 2e-2), /^INCOMPLETE.*outside its calibrated range/);
  });

  it('is one for each of two rows, as before, if it has two numbers', async () => {
    assert.match(await outcome([0.05, 0.05], 2e-2, [1, 1]), /^TRACEABLE/);
  });
});
