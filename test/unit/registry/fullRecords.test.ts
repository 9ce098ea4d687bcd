import assert from 'node:assert/strict';
import type { Verdict } from '@tracecal/chaincode/trace';
import type { OrganisationAnswer } from '@tracecal/chaincode/registry';
import { massScope, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, replay, submit } from '../../support/registry.js';

describe('A record that is full', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const verdict = () => ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', '{}');

  const addBody = (id: string) =>
    hierarchy.addOrganisation({ id, kind: 'ACCREDITATION_BODY', certifiedBy: 'nmi-north' });
  /** Builds something; the number of steps before it. */
  async function stepsBefore(build: () => Promise<unknown>): Promise<number> {
    const { length } = hierarchy.steps;
    await build();
    return length;
  }

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

  it('of a laboratory cannot be made long by two accreditation bodies, and has room for all others', async () => {
    const BODIES = ['body-one', 'body-two'];
    await submit(ledger, hierarchy.setPolicy({ accreditors: 'either' }));
    const lines = Array.from({ length: 64 }, () => massScope());
    for (const id of [...BODIES, 'body-three']) {
      await replay(hierarchy, ledger, await stepsBefore(() => addBody(id)));
    }
    for (const author of BODIES) {
      for (let count = 0; count < 8; count += 1) {
        await submit(ledger, hierarchy.accredit('lab-alpha', lines, { author }));
      }
      const further = hierarchy.accredit('lab-alpha', [massScope()], { author });
      await refuses(submit(ledger, further), 'INPUT_INVALID', /has granted lab-alpha 512 lines in 8 statements/);
    }
    const { record } = await ask<OrganisationAnswer>(ledger, 'getOrganisation', 'lab-alpha');
    assert.ok(JSON.stringify(record).length < 500_000, 'it stays readable');

    await submit(ledger, hierarchy.reduce('lab-alpha', { author: 'body-one', validTo: '2040-01-01' }));
    await submit(ledger, hierarchy.accredit('lab-alpha', lines, { author: 'body-three' }));
    await submit(ledger, hierarchy.accredit('lab-alpha', lines, { author: 'nmi-north' }));
    assert.equal((await verdict()).status, 'TRACEABLE');
    await submit(ledger, hierarchy.addStatement('suspension', ['organisation', 'lab-alpha'], { author: 'nmi-north' }));
    assert.match((await verdict()).reason, /lab-alpha is suspended/);
  });

  it('of a laboratory keeps room for reductions by whoever granted in many small statements', async () => {
    for (let count = 1; count < 64; count += 1) {
      await submit(ledger, hierarchy.accredit('lab-alpha', [massScope()]));
    }
    const further = hierarchy.accredit('lab-alpha', [massScope()]);
    await refuses(submit(ledger, further), 'INPUT_INVALID', /65 lines in 64 statements/);
    await submit(ledger, hierarchy.reduce('lab-alpha', { accreditation: 2, validTo: '2040-01-01' }));
    await submit(ledger, hierarchy.addStatement('suspension', ['organisation', 'lab-alpha'], { author: 'nmi-north' }));
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
