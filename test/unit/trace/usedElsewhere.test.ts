import assert from 'node:assert/strict';
import type { Argument, Result, Support } from '@tracecal/core/model';
import { resultOf, Workshop } from '../../support/workshop.js';

describe('The arguments of a result that is computed or scaled', () => {
  const frequency: Argument = { name: 'Frequency', role: 'physical', quantity: 'frequency', unit: '\\hertz' };
  let workshop: Workshop;
  let source: string;

  const at = (result: Result, hertz: readonly number[]): Result => ({
    ...result,
    arguments: [frequency],
    rows: result.rows.map((row, place) => ({ ...row, at: [hertz[place] ?? NaN] })),
  });

  /** A voltage source, calibrated from 50 Hz to 20 kHz. */
  beforeEach(async () => {
    workshop = await Workshop.open();
    source = await workshop.standard('source', at(resultOf('ac-voltage', [[1, 1e-5], [1, 2e-5]]), [50, 2e4])); // prettier-ignore
  });

  const outcome = async (hertz: number, support: Support, parents = [source], value = 1) => {
    const id = `meter-${hertz}`;
    await workshop.device(id, { parents, results: [at(resultOf('ac-voltage', [[value, 5e-3]], support), [hertz])] });
    return workshop.outcome(id);
  };

  it('are those of its standard: scaled at 1 MHz from 50 Hz to 20 kHz', async () => {
    const scaled: Support = { method: 'scaled', uses: [{ source: 0, role: 'reference' }] };
    assert.match(await outcome(1000, scaled, [source], 10), /^TRACEABLE/);
    assert.match(await outcome(1e6, scaled, [source], 10), /^INCOMPLETE.*outside its calibrated range/);
  });

  it('are those at which its standard is declared to have been used', async () => {
    const sum: Support = { method: 'sum', uses: [{ source: 0, role: 'input', at: [50] }] };
    assert.match(await outcome(50, sum), /^TRACEABLE/);
    assert.match(await outcome(1e6, sum), /^INCOMPLETE.*used at another Frequency/);
  });

  it('have to be those of one of its inputs, also of other kinds', async () => {
    const resistor = await workshop.standard('resistor', at(resultOf('resistance', [[1, 1e-5], [1, 1e-5]]), [50, 1e3])); // prettier-ignore
    const of = async (id: string, hertz: number, place?: number) => {
      const more = place === undefined ? {} : { at: [place] };
      const uses: Support['uses'] = [
        { source: 0, role: 'input', quantity: 'ac-voltage', exponent: 1, ...more },
        { source: 1, role: 'input', quantity: 'resistance', exponent: -1, ...more },
      ];
      const results = [at(resultOf('dc-current', [[1, 1e-3]], { method: 'product', uses }), [hertz])];
      await workshop.device(id, { parents: [source, resistor], results });
      return workshop.outcome(id);
    };
    assert.match(await of('a', 500), /^TRACEABLE/);
    assert.match(await of('b', 1e6), /^INCOMPLETE/);
    assert.match(await of('c', 1e6, 50), /^INCOMPLETE.*used at another Frequency/);
  });

  it('may be a multiple of the value of an input: 10 MHz divided to 1 kHz', async () => {
    const clock = await workshop.standard('clock', resultOf('frequency', [[900, 1e-9]]));
    const uses: Support['uses'] = [{ source: 0, role: 'input', quantity: 'frequency', at: [900], exponent: 1 }];
    const results = [at(resultOf('ac-voltage', [[1, 1e-3]], { method: 'product', uses, constants: [{ name: 'c', value: 1 / 900, unit: '\\volt\\second', source: 'assumed', share: 0 }] }), [50])]; // prettier-ignore
    await workshop.device('divided', { parents: [clock], results });
    assert.match(await workshop.outcome('divided'), /^TRACEABLE/);
    assert.ok((await workshop.said('divided')).some((each) => each.includes('divided or multiplied')));
  });
});
