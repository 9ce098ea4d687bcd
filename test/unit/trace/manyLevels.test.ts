import assert from 'node:assert/strict';
import type { Result, Support } from '@tracecal/chaincode/model';
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
});
