import assert from 'node:assert/strict';
import type { OrganisationAnswer } from '@tracecal/core/contracts';
import type { Verdict } from '@tracecal/core/trace';
import { massScope, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, Item } from '../../support/hierarchy.js';
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
    // An acceptance is there already.
    for (let count = 0; count < 98; count += 1) {
      await submit(ledger, hierarchy.setInterval('sensor-a', 400 + count));
    }
  }

  it('of a device keeps the last place of its owner for a rejection, and room for what is said against it', async () => {
    await fill();
    const full = /holds 99 statements of oem-a of this sort .*: no more are kept, but for a rejection/;
    await refuses(submit(ledger, hierarchy.setInterval('sensor-a', 400)), 'INPUT_INVALID', full);
    await submit(ledger, hierarchy.reject('sensor-a-r1'));
    await submit(ledger, hierarchy.addStatement('suspension', ['device', 'sensor-a']));
    await submit(ledger, hierarchy.addStatement('revocation', ['device', 'sensor-a'], { reason: 'fraud' }));
  });

  /** Says it again and again, until the registry takes no more. */
  async function untilRefused(say: () => Item): Promise<void> {
    for (let count = 0; count < 110; count += 1) {
      try {
        await submit(ledger, say());
      } catch (error) {
        assert.match(String(error), /no more are kept/);
        return;
      }
    }
    assert.fail('there is no bound');
  }
  const turns = (subject: Parameters<Hierarchy['addStatement']>[1], author: string) => {
    let count = 0;
    return () => {
      count += 1;
      const said = { author, registered: ledger.now, effective: ledger.now };
      return hierarchy.addStatement(count % 2 === 1 ? 'suspension' : 'reinstatement', subject, said);
    };
  };

  it('of what is said against something ends with a reinstatement, and takes revocations that reach further', async () => {
    const subject = ['organisation', 'lab-alpha'] as const;
    await untilRefused(turns(subject, 'nmi-north'));
    assert.equal((await verdict()).status, 'TRACEABLE');
    const revoke = (reason: 'cessation' | 'fraud', effective: string) =>
      submit(ledger, hierarchy.addStatement('revocation', subject, { author: 'nmi-north', reason, effective }));
    await revoke('cessation', ledger.now);
    await revoke('fraud', '2025-01-01T00:00:00Z');
    assert.match((await verdict()).reason, /lab-alpha is revoked since 2025-01-01/);
  });

  it('by a stolen key of an officer does not keep the key of the organisation from being renewed', async () => {
    await untilRefused(turns(['organisation', 'lab-alpha'], 'lab-alpha'));
    await replay(
      hierarchy,
      ledger,
      await stepsBefore(() => hierarchy.renewKey('lab-alpha', { registered: ledger.now })),
    );
    const { record } = await ask<OrganisationAnswer>(ledger, 'getOrganisation', 'lab-alpha');
    assert.equal(record.memberships.length, 2);
  });

  it('of accreditations and their reductions leaves it to the institute to end each, to suspend and to revoke', async () => {
    await untilRefused(() => hierarchy.accredit('lab-alpha', [massScope()]));
    await untilRefused(() => hierarchy.reduce('lab-alpha', { accreditation: 2, lines: [0], validTo: '2040-01-01' }));
    const end = (accreditation: number) =>
      submit(ledger, hierarchy.reduce('lab-alpha', { accreditation, lines: null, validTo: '2025-12-31' }));
    await end(2);
    await end(3);
    await refuses(end(3), 'INPUT_INVALID', /no more are kept/);
    const against = { author: 'nmi-north', registered: ledger.now, effective: ledger.now };
    await submit(ledger, hierarchy.addStatement('suspension', ['organisation', 'lab-alpha'], against));
    assert.match((await verdict()).reason, /lab-alpha is suspended/);
    await submit(ledger, hierarchy.addStatement('revocation', ['organisation', 'lab-alpha'], against));
  });

  it('of long accreditations takes no more than a trace reads quickly, and leaves room to end and to suspend', async () => {
    const method = 'x'.repeat(200);
    const lines = Array.from({ length: 40 }, () => massScope({ method }));
    const grants = async () => {
      for (let count = 0; count < 12; count += 1) {
        await submit(ledger, hierarchy.accredit('lab-alpha', lines));
      }
    };
    const full = /\(accreditation\) have 262144 characters at most\. Have another accreditor grant these lines\./;
    await refuses(grants(), 'INPUT_INVALID', full);
    await submit(ledger, hierarchy.reduce('lab-alpha', { accreditation: 2, lines: null, validTo: '2025-12-31' }));
    await submit(ledger, hierarchy.addStatement('suspension', ['organisation', 'lab-alpha'], { author: 'nmi-north' }));
    assert.match((await verdict()).reason, /lab-alpha is suspended/);
  });

  it('of long consents takes no more of them, and the device keeps room for a rejection', async () => {
    const devices = Array.from({ length: 100 }, (_, place) => `oem-a/${'x'.repeat(110)}-${place}`);
    const consents = async () => {
      for (let count = 0; count < 30; count += 1) {
        await submit(ledger, hierarchy.consent('oem-a', { laboratory: 'lab-alpha', devices }));
      }
    };
    await refuses(
      consents(),
      'INPUT_INVALID',
      /have 262144 characters at most\. State less at once, or accept a report/,
    );
    await submit(ledger, hierarchy.reject('sensor-a-r1'));
    assert.equal((await verdict()).status, 'FAILED');
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

  it('of a laboratory keeps space for reductions by a grantor of many small statements', async () => {
    for (let count = 1; count < 64; count += 1) {
      await submit(ledger, hierarchy.accredit('lab-alpha', [massScope()]));
    }
    const further = hierarchy.accredit('lab-alpha', [massScope()]);
    await refuses(
      submit(ledger, further),
      'INPUT_INVALID',
      /holds 64 statements of nmi-north of this sort \(accreditation\)/,
    );
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
