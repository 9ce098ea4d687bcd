import assert from 'node:assert/strict';
import type { Result, Support } from '@tracecal/core/model';
import { resultOf, Workshop } from '../../support/workshop.js';

type Use = Support['uses'][number];

const part = (value: number): Pick<Use, 'sensitivity'> => ({ sensitivity: { values: [value], unit: '\\one' } });

const kilogram = (u: number, support?: Support): Result => resultOf('mass', [[1, u]], support);

describe('The inputs of one formula', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
  });

  const status = async (id: string, parents: readonly string[], result: Result) => {
    await workshop.device(id, { parents: [...parents], results: [result] });
    return (await workshop.outcome(id)).split(':')[0];
  };

  describe('that are uses of one report', () => {
    let reference: string;

    beforeEach(async () => {
      reference = await workshop.standard('ref', resultOf('mass', [[0.9, 1e-6], [1.1, 1e-6]])); // prettier-ignore
    });

    const nearby = (count: number, more: Partial<Use>): Support['uses'] =>
      Array.from({ length: count }, (_, place) => ({ source: 0, role: 'input', at: [1 + place * 1e-9], ...more }));

    it('do not become better by being averaged', async () => {
      for (const method of ['sum', 'general'] as const) {
        const uses = nearby(64, part(1 / 64));
        assert.equal(await status(`gain-${method}`, [reference], kilogram(1.26e-7, { method, uses })), 'FAILED');
        assert.equal(await status(`honest-${method}`, [reference], kilogram(1e-6, { method, uses })), 'TRACEABLE');
      }
      const uses = nearby(4, { exponent: 0.25 });
      assert.equal(await status('gain', [reference], kilogram(5.1e-7, { method: 'product', uses })), 'FAILED');
      assert.equal(await status('honest', [reference], kilogram(1e-6, { method: 'product', uses })), 'TRACEABLE');
    });

    it('do not become better by a difference that is hardly one', async () => {
      const hardly: Use = { source: 0, role: 'input', at: [1.05], ...part(-1e-12) };
      const uses = [...nearby(63, part(1 / 63)), hardly];
      assert.equal(await status('gain', [reference], kilogram(1.3e-7, { method: 'general', uses })), 'FAILED');
    });

    it('count as before where they are subtracted', async () => {
      const uses: Support['uses'] = [
        { source: 0, role: 'input', at: [1.1], ...part(10) },
        { source: 0, role: 'input', at: [1], ...part(-10) },
      ];
      assert.equal(await status('honest', [reference], kilogram(1.42e-5, { method: 'sum', uses })), 'TRACEABLE');
      assert.equal(await status('gain', [reference], kilogram(1.2e-5, { method: 'sum', uses })), 'FAILED');
    });
  });
});

describe('An input of the kind of its result, of which no place is stated', () => {
  let workshop: Workshop;
  let reference: string;

  beforeEach(async () => {
    workshop = await Workshop.open();
    reference = await workshop.standard('ref', resultOf('dc-voltage', [[1, 1e-6], [10, 1e-5]])); // prettier-ignore
  });

  const outcome = async (id: string, volts: number, u: number, support: Support) => {
    await workshop.device(id, { parents: [reference], results: [resultOf('dc-voltage', [[volts, u]], support)] });
    return workshop.outcome(id);
  };
  const identity: readonly Support[] = [
    { method: 'sum', uses: [{ source: 0, role: 'input' }] },
    { method: 'general', uses: [{ source: 0, role: 'input', ...part(1) }] },
    { method: 'product', uses: [{ source: 0, role: 'input', exponent: 1 }] },
  ];

  it('was used at the value that it gives', async () => {
    for (const support of identity) {
      const { method } = support;
      assert.match(await outcome(`far-${method}`, 1000, 1e-2, support), /^INCOMPLETE: .* was used outside/, method);
      assert.match(await outcome(`near-${method}`, 10, 1e-5, support), /^TRACEABLE/, method);
      assert.match(await outcome(`better-${method}`, 10, 2e-6, support), /^FAILED/, method);
    }
  });

  it('may have been used anywhere beside others, and has to say where', async () => {
    const uses: Support['uses'] = [
      { source: 0, role: 'input', ...part(1) },
      { source: 0, role: 'input', at: [1], ...part(1e-9) },
    ];
    assert.match(
      await outcome('d', 1000, 1e-2, { method: 'general', uses }),
      /^INCOMPLETE: .* nothing says at which of them it was used/,
    );
  });
});
