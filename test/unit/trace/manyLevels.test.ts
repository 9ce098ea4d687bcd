import assert from 'node:assert/strict';
import type { Result, Support } from '@tracecal/core/model';
import { resultOf, Workshop } from '../../support/workshop.js';

const LEVELS = 12;
const direct: Support = { method: 'direct', uses: [{ source: 0, role: 'reference' }] };

describe('A tolerance that each level of a chain uses up', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
  });

  /** Standards that rest on one another, each with a result by its level; the status of a device below the last of them. */
  const chain = async (levels: number, resultAt: (level: number) => Result) => {
    let above = await workshop.standard('level-0', resultAt(0));
    for (let level = 1; level < levels; level += 1) {
      const id = `level-${level}`;
      await workshop.hierarchy.addDevice({ id, technician: 't-oem-a', kind: 'standard' });
      const performed = `2025-03-${String(level).padStart(2, '0')}`;
      const report = { id: `${id}-r`, device: id, technician: 'all-oem-a', performed, parents: [above] };
      workshop.hierarchy.addReport({ ...report, results: [resultAt(level)] });
      above = `${id}-r`;
    }
    await workshop.device('last', { parents: [above], results: [resultAt(levels)] });
    return (await workshop.outcome('last')).split(':')[0];
  };

  const volts = (u: number, support: Support = direct) => resultOf('dc-voltage', [[10, u]], support);

  it('does not make an uncertainty smaller from level to level', async () => {
    assert.equal(await chain(LEVELS, (level) => volts(1e-6 * 0.955 ** level)), 'FAILED');
  });

  it('does not make it smaller where it is scaled or computed either', async () => {
    const scaled: Support = { ...direct, method: 'scaled' };
    const sum: Support = { method: 'sum', uses: [{ source: 0, role: 'input', at: [10] }] };
    assert.equal(await chain(2, (level) => volts(1e-6 * 0.955 ** level, scaled)), 'FAILED');
    workshop = await Workshop.open();
    assert.equal(await chain(2, (level) => volts(1e-6 * 0.955 ** level, sum)), 'FAILED');
  });

  it('may be used up by every level of what the first one states', async () => {
    assert.equal(await chain(LEVELS, (level) => volts(level === 0 ? 1e-6 : 0.96e-6)), 'TRACEABLE');
  });

  it('does not make a range longer from level to level', async () => {
    const range = (level: number) =>
      resultOf('dc-voltage', [[1, 1e-3], [100 + 1.9 * level, 1e-3]], direct); // prettier-ignore
    assert.equal(await chain(2, range), 'INCOMPLETE');
    workshop = await Workshop.open();
    assert.equal(await chain(LEVELS, (level) => range(level === 0 ? 0 : 0.9)), 'TRACEABLE');
  });

  it('does not make it longer by values between its ends', async () => {
    const ends = [100, 101.9, 101.8, 103.5];
    const range = (level: number) => resultOf('dc-voltage', [[1, 1e-3], [ends[level] ?? NaN, 1e-3]], direct); // prettier-ignore
    assert.equal(await chain(3, range), 'INCOMPLETE');
  });

  it('does not move the place of a single calibration', async () => {
    assert.equal(
      await chain(2, (level) => resultOf('dc-voltage', [[10 * 1.019 ** level, 1e-3]], direct)),
      'INCOMPLETE',
    );
    workshop = await Workshop.open();
    assert.equal(await chain(LEVELS, (level) => resultOf('dc-voltage', [[level === 0 ? 10 : 10.19, 1e-3]], direct)), 'TRACEABLE'); // prettier-ignore
  });

  const input = (at: number, more: Partial<Support['uses'][number]> = {}): Support['uses'] => [
    { source: 0, role: 'input', at: [at], ...more },
  ];

  it('does not move a value by what a formula may differ from it', async () => {
    for (const method of ['sum', 'product'] as const) {
      const more = method === 'product' ? { exponent: 1 } : {};
      const by = (step: number) => (level: number) => {
        const value = (to: number) => 10 * step ** to;
        return resultOf('dc-voltage', [[value(level), 1e-3]], { method, uses: input(value(level - 1), more) });
      };
      workshop = await Workshop.open();
      assert.equal(await chain(1, by(1.019)), 'TRACEABLE', method);
      workshop = await Workshop.open();
      assert.equal(await chain(2, by(1.019)), 'INCOMPLETE', method);
      workshop = await Workshop.open();
      assert.equal(await chain(LEVELS, by(1.001)), 'TRACEABLE', method);
    }
  });

  it('does not move it by its own uncertainty either', async () => {
    const at = (level: number) => 1 + 0.9 * Math.max(level, 0);
    const sum = (level: number) =>
      resultOf('dc-voltage', [[at(level), 0.5]], { method: 'sum', uses: input(at(level - 1)) });
    assert.equal(await chain(1, sum), 'TRACEABLE');
    workshop = await Workshop.open();
    assert.equal(await chain(2, sum), 'INCOMPLETE');
  });

  it('does not move it where the formula says no more than that it is the value of its input', async () => {
    const sum = (level: number) =>
      resultOf('dc-voltage', [[1, 1e-3], [100 + 1.9 * level, 1e-3]], { method: 'sum', uses: [{ source: 0, role: 'input' }] }); // prettier-ignore
    assert.equal(await chain(2, sum), 'INCOMPLETE');
    workshop = await Workshop.open();
    assert.equal(await chain(LEVELS, (level) => sum(level === 0 ? 0 : 0.9)), 'TRACEABLE');
  });

  it('does not move it through a formula and a comparison in turn', async () => {
    const at = (level: number) => 10 * 1.019 ** (level >> 1);
    const turn = (level: number) =>
      resultOf(
        'dc-voltage',
        [[at(level), 1e-3]],
        level % 2 === 0 ? { method: 'sum', uses: input(at(level - 1)) } : direct,
      );
    assert.equal(await chain(3, turn), 'TRACEABLE');
    workshop = await Workshop.open();
    assert.equal(await chain(4, turn), 'INCOMPLETE');
  });

  it('does not make a range reach zero and go on from there', async () => {
    const ends = [0.19, 0, -0.19];
    const range = (level: number) => resultOf('dc-voltage', [[ends[level] ?? NaN, 1e-3], [10, 1e-3]], direct); // prettier-ignore
    assert.equal(await chain(1, range), 'TRACEABLE');
    workshop = await Workshop.open();
    assert.equal(await chain(2, range), 'INCOMPLETE');
  });

  it('does not make a range longer by fixed points either', async () => {
    const interpolated: Support = { ...direct, method: 'interpolated' };
    const range = (level: number) => resultOf('dc-voltage', [[1, 1e-3], [100 + 1.9 * level, 1e-3]], interpolated); // prettier-ignore
    assert.equal(await chain(1, range), 'TRACEABLE');
    workshop = await Workshop.open();
    assert.equal(await chain(2, range), 'INCOMPLETE');
  });

  it('does not make the values at a frequency more', async () => {
    const fifty = (level: number): Result => {
      const { rows, ...of } = resultOf('ac-voltage', [[1, 1e-3], [100 + 1.9 * level, 1e-3]], direct); // prettier-ignore
      const frequency = { role: 'physical', name: 'Frequency', quantity: 'frequency', unit: '\\hertz' } as const;
      return { ...of, arguments: [frequency], rows: rows.map((row) => ({ ...row, at: [50] })) };
    };
    assert.equal(await chain(1, fifty), 'TRACEABLE');
    workshop = await Workshop.open();
    assert.equal(await chain(2, fifty), 'INCOMPLETE');
  });
});
