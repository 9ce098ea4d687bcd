import assert from 'node:assert/strict';
import { Hierarchy, twoCountries } from '../../support/hierarchy.js';

describe('the hierarchy that tests are built on', () => {
  it('traces both field sensors to their national institutes', async () => {
    const hierarchy = await twoCountries();
    const a = await hierarchy.trace('sensor-a');
    assert.equal(a.status, 'TRACEABLE', a.reason);
    assert.deepEqual([a.levels, a.roots], [4, ['nmi-north']]);
    const b = await hierarchy.trace('sensor-b');
    assert.deepEqual([b.status, b.roots], ['TRACEABLE', ['nmi-south']]);
  });

  it('builds chains of any length', async () => {
    const hierarchy = new Hierarchy();
    await hierarchy.addOrganisation({ id: 'nmi', kind: 'NMI' });
    await hierarchy.addTechnician({ id: 't', organisation: 'nmi' });
    const device = await hierarchy.addChain(50, 't', 'chain');
    const verdict = await hierarchy.trace(device);
    assert.deepEqual([verdict.status, verdict.levels], ['TRACEABLE', 50]);
  });
});
