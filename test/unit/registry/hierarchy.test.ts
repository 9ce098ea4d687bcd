import assert from 'node:assert/strict';
import type { Verdict } from '@tracecal/core/trace';
import { Hierarchy, twoCountries } from '../../support/hierarchy.js';
import { ask, registryOf } from '../../support/registry.js';

describe('the hierarchy that tests are built on', () => {
  it('traces both field sensors to their national institutes', async () => {
    const hierarchy = await twoCountries();
    const a = await hierarchy.trace('sensor-a');
    assert.equal(a.status, 'TRACEABLE', a.reason);
    assert.deepEqual([a.levels, a.roots.map(({ organisation }) => organisation)], [4, ['nmi-north']]);
    const b = await hierarchy.trace('sensor-b');
    assert.deepEqual([b.status, b.roots.map(({ organisation }) => organisation)], ['TRACEABLE', ['nmi-south']]);
  });

  it('builds chains of any length', async () => {
    const hierarchy = new Hierarchy();
    await hierarchy.addOrganisation({ id: 'nmi', kind: 'NMI' });
    await hierarchy.addTechnician({ id: 't', organisation: 'nmi' });
    const device = await hierarchy.addChain(50, 't', 'chain');
    const verdict = await hierarchy.trace(device);
    assert.deepEqual([verdict.status, verdict.levels], ['TRACEABLE', 50]);
  });

  it('is what a registry holds that was built by its transactions: the same verdict, word for word', async () => {
    const hierarchy = await twoCountries();
    const ledger = await registryOf(hierarchy);
    for (const device of ['oem-a/sensor-a', 'oem-b/sensor-b', 'nmi-north/primary-a']) {
      const verdict = await ask<Verdict>(ledger, 'traceCal', device, '{}');
      assert.deepEqual(verdict, await hierarchy.trace(device));
    }
  });
});
