import assert from 'node:assert/strict';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ReportSpec } from '../../support/hierarchy.js';
import { refuses, registryOf, submit } from '../../support/registry.js';

/** What an officer vouched for is held against what is known of that officer today, like all that they signed. */
describe('A trace under attack by officers', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    for (const organisation of ['oem-a', 'nmi-north', 'lab-alpha']) {
      await hierarchy.addOfficer({ id: 'second', organisation });
    }
  });

  const next = (spec: Partial<ReportSpec> = {}): void => {
    const report = { id: 'next', device: 'sensor-a', technician: 't-new', parents: ['working-a-r1'] };
    hierarchy.addReport({ ...report, performed: '2025-06-01', ...spec });
  };
  const outcome = async (device = 'sensor-a', options = {}) => {
    const { status, reason } = await hierarchy.trace(device, options);
    return `${status}: ${reason}`;
  };
  const revoke = (organisation: string, reason: 'key-compromise' | 'cessation', registered = '2025-07-01T00:00:00Z') =>
    hierarchy.addStatement('revocation', ['person', `${organisation}/second`], {
      reason,
      effective: reason === 'cessation' ? registered : '2024-12-01T00:00:00Z',
      registered,
    });
  const bySecond = (organisation: string, holder: string) => [holder, `officer:${organisation}/second`];
  const technician = {
    id: 't-new',
    organisation: 'oem-a',
    signers: bySecond('oem-a', 'technician:oem-a/t-new'),
  };

  describe('whose key was stolen before they signed', () => {
    it('no technician that they authorised can report', async () => {
      await hierarchy.addTechnician(technician);
      next();
      assert.match(await outcome(), /^TRACEABLE/);
      revoke('oem-a', 'key-compromise');
      assert.match(await outcome(), /^FAILED: .*t-new/);
    });

    it('no laboratory is certified by what they signed, nor what is below it', async () => {
      const signers = bySecond('nmi-north', 'organisation:lab-new');
      await hierarchy.addOrganisation({ id: 'lab-new', kind: 'LAB', certifiedBy: 'nmi-north', signers });
      await hierarchy.addTechnician({ id: 't-lab-new', organisation: 'lab-new' });
      next({ technician: 't-lab-new', parents: ['reference-a-r1'] });
      assert.match(await outcome(), /^TRACEABLE/);
      revoke('nmi-north', 'key-compromise');
      assert.match(await outcome(), /^FAILED: .*lab-new/);
    });

    it('no device counts that was imprinted by a technician that they authorised', async () => {
      await hierarchy.addTechnician(technician);
      await hierarchy.addDevice({ id: 'new', technician: 't-new', kind: 'field' });
      next({ device: 'new', technician: 't-oem-a' });
      assert.match(await outcome('new'), /^TRACEABLE/);
      revoke('oem-a', 'key-compromise');
      assert.match(await outcome('new'), /^FAILED: .*oem-a\/t-new/);
    });

    it('no root is rolled over, until another officer does it again', async () => {
      const signers = bySecond('nmi-north', 'organisation:nmi-north');
      await hierarchy.renewKey('nmi-north', { registered: '2025-03-01T00:00:00Z', signers });
      assert.match(await outcome(), /^TRACEABLE/);
      revoke('nmi-north', 'key-compromise');
      assert.match(await outcome(), /^FAILED: Officer nmi-north\/second is revoked/);
      await hierarchy.renewKey('nmi-north', { registered: '2025-08-01T00:00:00Z' });
      assert.match(await outcome(), /^TRACEABLE/);
    });

    it('the organisation can vouch again for the same certificate', async () => {
      await hierarchy.addTechnician(technician);
      next();
      revoke('oem-a', 'key-compromise');
      assert.match(await outcome(), /^FAILED/);
      const { jws, certificate } = hierarchy.people.get('oem-a/t-new')!.authorisations[0]!;
      const again = hierarchy.changed(jws, { number: 10, date: '2025-08-01T00:00:00Z' });
      const entry = { jws: again, certificate, registered: hierarchy.stamp('2025-08-01T00:00:00Z') };
      hierarchy.changePerson('t-new', (old) => ({ ...old, authorisations: [...old.authorisations, entry] }));
      assert.match(await outcome(), /^TRACEABLE/);
    });

    it('the registry takes no report by those whom they authorised', async () => {
      await hierarchy.addTechnician(technician);
      const ledger = await registryOf(hierarchy);
      await submit(ledger, revoke('oem-a', 'key-compromise', ledger.now));
      const report = { id: 'next', device: 'sensor-a', technician: 't-new', parents: ['working-a-r1'] };
      const draft = hierarchy.draft({ ...report, performed: '2025-12-20', registered: ledger.now });
      await refuses(submit(ledger, draft), 'SIGNATURE_INVALID', /t-new/);
    });
  });

  describe('with keys of the organisation that have ended', () => {
    const valid = ['2025-01-01', '2025-03-31'] as const;

    /** A laboratory whose key has ended in March, and was renewed before. */
    const renewed = async (sameKeyAs?: string) => {
      await hierarchy.addOrganisation({ id: 'lab-new', kind: 'LAB', certifiedBy: 'nmi-north', valid });
      await hierarchy.addTechnician({ id: 't-lab-new', organisation: 'lab-new' });
      const registered = '2025-03-01T00:00:00Z';
      await hierarchy.renewKey('lab-new', { registered, ...(sameKeyAs !== undefined && { sameKeyAs }) });
    };
    const report = { technician: 't-lab-new', parents: ['reference-a-r1'] };

    it('no technician certified by such a key can report', async () => {
      await renewed();
      next({ ...report, performed: '2025-03-20' });
      assert.match(await outcome(), /^TRACEABLE/);
      next({ ...report, id: 'late' });
      assert.match(await outcome(), /^FAILED: The key that issued the certificate of .*t-lab-new had no valid/);
    });

    it('but the same key can be certified again', async () => {
      await renewed('organisation:lab-new');
      next(report);
      const { edges } = await hierarchy.trace('sensor-a');
      assert.deepEqual(
        edges[0]?.findings.filter(({ check }) => check === 'technician-certified'),
        [],
      );
    });
  });

  describe('who had left', () => {
    it('what they vouched for before stays', async () => {
      await hierarchy.addTechnician(technician);
      const signers = bySecond('nmi-north', 'organisation:nmi-north');
      await hierarchy.renewKey('nmi-north', { registered: '2025-03-01T00:00:00Z', signers });
      next();
      revoke('oem-a', 'cessation');
      revoke('nmi-north', 'cessation');
      assert.match(await outcome(), /^TRACEABLE/);
    });

    it('no technician is authorised for more', async () => {
      await hierarchy.addTechnician({ ...technician, quantities: ['mass'] });
      revoke('oem-a', 'cessation', '2025-03-01T00:00:00Z');
      hierarchy.seal('2025-03-02T00:00:00Z');
      const widened = { sameKeyAs: 'technician:t-new', registered: '2025-03-10T00:00:00Z' };
      await hierarchy.addTechnician({ ...technician, ...widened });
      hierarchy.seal('2025-03-20T00:00:00Z');
      next();
      assert.match(await outcome(), /^FAILED: Technician oem-a\/t-new may not sign for temperature/);
    });

    it('no root is rolled over for those who trust the one of the founding', async () => {
      const [root] = (await hierarchy.trace('sensor-a')).roots;
      revoke('nmi-north', 'cessation', '2025-03-01T00:00:00Z');
      const signers = bySecond('nmi-north', 'organisation:nmi-north');
      await hierarchy.renewKey('nmi-north', { registered: '2025-03-10T00:00:00Z', signers });
      const stolen = { id: 't-stolen', organisation: 'nmi-north', registered: '2025-03-11T00:00:00Z' };
      await hierarchy.addTechnician(stolen);
      next({ technician: 't-stolen', parents: ['primary-a-r1'] });
      assert.match(await outcome('sensor-a', { roots: [root?.sha256] }), /^FAILED: .*t-stolen/);
    });
  });
});
