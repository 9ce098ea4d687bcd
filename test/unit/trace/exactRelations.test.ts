import assert from 'node:assert/strict';
import type { Result } from '@tracecal/core/model';
import { Hierarchy, temperatureResult, temperatureScope } from '../../support/hierarchy.js';

function result(quantity: string, unit: string, value: number, expanded: number): Result {
  return { ...temperatureResult(expanded, [value]), name: quantity, quantity, unit };
}

describe('A result that depends on another kind by an exact relation', () => {
  let hierarchy: Hierarchy;
  const quantities = ['frequency', 'period'];

  beforeEach(async () => {
    hierarchy = new Hierarchy();
    await hierarchy.found({ institutes: ['nmi-north', 'nmi-south', 'nmi-east'] });
    const line = (quantity: string, unit: string) => temperatureScope({ quantity, unit, min: 1e-9, max: 1e9 });
    hierarchy.accredit('nmi-north', [
      { ...line('frequency', '\\hertz'), cmc: { form: 'constant', relative: true, value: 1e-12 } },
      { ...line('period', '\\second'), cmc: { form: 'constant', relative: true, value: 1e-12 } },
    ]);
    await hierarchy.addOrganisation({ id: 'oem-a', kind: 'OEM', certifiedBy: 'nmi-north' });
    await hierarchy.addTechnician({ id: 't-nmi', organisation: 'nmi-north', quantities });
    await hierarchy.addTechnician({ id: 't-oem', organisation: 'oem-a', quantities });
    await hierarchy.addDevice({ id: 'clock', technician: 't-nmi' });
    await hierarchy.addDevice({ id: 'timer', technician: 't-oem', kind: 'field' });
    const clock = { id: 'clock-r', device: 'clock', technician: 't-nmi', performed: '2025-01-10' };
    hierarchy.addReport({ ...clock, results: [result('frequency', '\\hertz', 1000, 2e-6)] });
  });

  const traced = async (own: Result) => {
    const timer = {
      id: 'timer-r',
      device: 'timer',
      technician: 't-oem',
      parents: ['clock-r'],
      performed: '2025-02-01',
    };
    hierarchy.addReport({ ...timer, results: [own] });
    const { status, reason, roots } = await hierarchy.trace('timer');
    return { said: `${status}: ${reason}`, roots: roots.map(({ organisation }) => organisation) };
  };

  it('is TRACEABLE: a period from a frequency', async () => {
    const { said, roots } = await traced(result('period', '\\milli\\second', 1, 4e-9));
    assert.match(said, /^TRACEABLE/);
    assert.deepEqual(roots, ['nmi-north']);
  });

  it('has between two values the uncertainty that it would have in the kind of its standard', async () => {
    const clock = { id: 'clock-r2', device: 'clock', technician: 't-nmi', performed: '2025-01-11' };
    const [one] = result('frequency', '\\hertz', 1, 2e-10).rows;
    const [other] = result('frequency', '\\hertz', 1e6, 2).rows;
    hierarchy.addReport({ ...clock, results: [{ ...result('frequency', '\\hertz', 1, 1), rows: [one!, other!] }] });
    const stated = async (id: string, own: Result) => {
      const timer = { device: 'timer', technician: 't-oem', parents: ['clock-r2'] };
      hierarchy.addReport({ ...timer, id, performed: '2025-02-01', results: [own] });
      const { results, reason } = await hierarchy.trace('timer', { quantity: own.quantity });
      return [results[0]?.status, /at least (\S+)/.exec(reason)?.[1]];
    };
    // u of 1 kHz is 1 mHz there, and so that of 1 ms is 1 ns.
    assert.deepEqual(await stated('a', result('frequency', '\\hertz', 1000, 1e-3)), ['FAILED', '0.000999']);
    assert.deepEqual(await stated('b', result('period', '\\second', 1e-3, 1e-9)), ['FAILED', '9.99e-10']);
    assert.deepEqual(await stated('c', result('period', '\\second', 1e-3, 2e-9)), ['TRACEABLE', undefined]);
  });

  it('is compared with the uncertainty that follows', async () => {
    const { said } = await traced(result('period', '\\milli\\second', 1, 1e-9));
    assert.match(said, /^FAILED: .*u = .* is smaller than the references allow/);
  });

  it('is INCOMPLETE without such a relation: an angular velocity from a frequency needs a model', async () => {
    await hierarchy.addTechnician({ id: 't-turn', organisation: 'oem-a', quantities: ['angular-velocity'] });
    const turn = { id: 'turn-r', device: 'timer', technician: 't-turn', parents: ['clock-r'], performed: '2025-02-01' };
    hierarchy.addReport({ ...turn, results: [result('angular-velocity', '\\radian\\per\\second', 6283.185, 1)] });
    const { status } = await hierarchy.trace('timer');
    assert.equal(status, 'INCOMPLETE');
  });
});
