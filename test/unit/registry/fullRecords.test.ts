import assert from 'node:assert/strict';
import type { Verdict } from '@tracecal/chaincode/trace';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

describe('A record that is full', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const verdict = () => ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', '{}');

  /** As many of an author's statements as a record keeps, apart from the last place. */
  async function fill(): Promise<void> {
    // Its imprint and an acceptance are there already.
    for (let count = 0; count < 97; count += 1) {
      await submit(ledger, hierarchy.setInterval('sensor-a', 400 + count));
    }
  }

  it('of a device keeps the last place of its owner for a rejection or a revocation', async () => {
    await fill();
    const full = /holds 99 statements of oem-a: no more are kept, but for one revocation or rejection/;
    await refuses(submit(ledger, hierarchy.setInterval('sensor-a', 400)), 'INPUT_INVALID', full);
    await refuses(submit(ledger, hierarchy.addStatement('suspension', ['device', 'sensor-a'])), 'INPUT_INVALID', full);
    await submit(ledger, hierarchy.addStatement('revocation', ['device', 'sensor-a'], { reason: 'fraud' }));
    assert.match((await verdict()).reason, /sensor-a is revoked/);
    const again = hierarchy.addStatement('revocation', ['device', 'sensor-a'], { effective: '2025-06-01T00:00:00Z' });
    await refuses(submit(ledger, again), 'INPUT_INVALID', /holds 100 statements of oem-a/);
  });

  it('of one author leaves room for every other', async () => {
    await fill();
    const lab = { author: 'lab-alpha' };
    await submit(ledger, hierarchy.addStatement('suspension', ['device', 'sensor-a'], lab));
    assert.match((await verdict()).reason, /sensor-a is suspended/);
    await submit(ledger, hierarchy.addStatement('revocation', ['device', 'sensor-a'], { author: 'nmi-north' }));
  });

  it('of a device takes no further acceptance; reports are still registered', async () => {
    await fill();
    const report = { id: 'next', device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
    const next = hierarchy.draft({ ...report, performed: '2025-12-20' });
    await refuses(submit(ledger, next), 'INPUT_INVALID', /holds 99 statements of oem-a/);
    await submit(ledger, { statement: next.statement, results: next.results! });
    assert.equal((await verdict()).edges[0]?.report, 'oem-a/sensor-a-r1');
  });

  it('of an author leaves out no more than a thousand numbers at a time', async () => {
    const far = hierarchy.setInterval('sensor-a', 400, { number: 1002 });
    await refuses(submit(ledger, far), 'INPUT_INVALID', /has a number from 2 to 1001, not 1002/);
    await submit(ledger, hierarchy.setInterval('sensor-a', 400, { number: 1001 }));
    const used = hierarchy.setInterval('sensor-a', 300, { number: 1000 });
    await refuses(submit(ledger, used), 'ALREADY_EXISTS', /sign it with number 1002/);
    await submit(ledger, hierarchy.setInterval('sensor-a', 300, { number: 1002 }));
  });
});
