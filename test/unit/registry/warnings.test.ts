import assert from 'node:assert/strict';
import type { Verdict } from '@tracecal/core/trace';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ImpedimentSpec } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, replay, submit } from '../../support/registry.js';

type Said = Parameters<Hierarchy['addStatement']>;

/** What was calibrated before an institute or a laboratory went may stay sound, so somebody must be able to call it in question. */
describe('Who warns of their own things', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;
  let known: number;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    known = hierarchy.steps.length;
  });

  const say = (what: Said[0], subject: Said[1], author: string, spec: ImpedimentSpec = {}) =>
    submit(ledger, hierarchy.addStatement(what, subject, { author, registered: ledger.now, ...spec }));
  const outcome = async () => {
    const { status, reason } = await ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', {});
    return `${status}: ${reason}`;
  };
  const NORTH = ['organisation', 'nmi-north'] as const;
  const OUT = { reason: 'out-of-tolerance', effective: '2025-01-01T00:00:00Z' } as const;

  describe('is heard after the institute above them', () => {
    for (const [what, against] of [
      ['has ceased', { what: 'revocation', reason: 'cessation' }],
      ['was suspended by the others', { what: 'suspension', reason: 'unspecified' }],
    ] as const) {
      it(what, async () => {
        const { reason } = against;
        await say(against.what, NORTH, 'nmi-south', { reason, effective: ledger.now });
        await say('revocation', ['device', 'reference-a'], 'lab-alpha', OUT);
        assert.match(
          await outcome(),
          /FAILED: .*reference-a is revoked since 2025-01-01|FAILED: Organisation nmi-north/,
        );
        const { edges } = await ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', {});
        assert.ok(
          edges.some(({ findings }) => findings.some((each) => each.reason.includes('reference-a is revoked'))),
        );
        await say('suspension', ['device', 'sensor-a'], 'oem-a', { effective: ledger.now });
      });
    }
  });

  it('is heard while the laboratory that certifies them is suspended', async () => {
    await say('suspension', ['organisation', 'lab-alpha'], 'nmi-north', { effective: ledger.now });
    await say('revocation', ['device', 'sensor-a'], 'oem-a', OUT);
    assert.match(await outcome(), /^FAILED: Device oem-a\/sensor-a is revoked since 2025-01-01/);
  });

  it('is heard after the key of the officer who vouched for them was stolen', async () => {
    await hierarchy.addOfficer({ id: 'second', organisation: 'nmi-north', registered: ledger.now });
    const signers = ['organisation:lab-x', 'officer:nmi-north/second'];
    await hierarchy.addOrganisation({
      id: 'lab-x',
      kind: 'LAB',
      certifiedBy: 'nmi-north',
      registered: ledger.now,
      signers,
    });
    await hierarchy.addTechnician({ id: 't-x', organisation: 'lab-x', registered: ledger.now });
    await hierarchy.addDevice({ id: 'std-x', technician: 't-x', registered: ledger.now });
    await replay(hierarchy, ledger, known);
    const stolen = { reason: 'key-compromise', effective: ledger.now, signers: ['organisation:nmi-north'] } as const;
    await say('revocation', ['person', 'nmi-north/second'], 'nmi-north', stolen);
    await say('revocation', ['device', 'lab-x/std-x'], 'lab-x', OUT);
    await say('suspension', ['person', 'lab-x/t-x'], 'lab-x', {
      effective: ledger.now,
      signers: ['organisation:lab-x'],
    });
    // They still do nothing else.
    const sale = hierarchy.transfer('std-x', 'lab-beta', { registered: ledger.now });
    await refuses(submit(ledger, sale), 'SIGNATURE_INVALID', /not signed once by lab-x/);
  });

  it('is not heard while they are suspended themselves, and lifts nothing under somebody who has gone', async () => {
    await say('suspension', ['device', 'sensor-a'], 'oem-a', { effective: ledger.now });
    await say('suspension', ['organisation', 'oem-a'], 'lab-alpha', { effective: ledger.now });
    const suspended = /oem-a is suspended/;
    await refuses(say('revocation', ['device', 'working-a'], 'oem-a'), 'NOT_AUTHORISED', suspended);
    await say('reinstatement', ['organisation', 'oem-a'], 'lab-alpha', { effective: ledger.now });
    await say('revocation', NORTH, 'nmi-south', { reason: 'cessation', effective: ledger.now });
    const lifted = say('reinstatement', ['device', 'sensor-a'], 'oem-a', { effective: ledger.now });
    await refuses(lifted, 'NOT_AUTHORISED', /nmi-north is revoked/);
  });
});
