import assert from 'node:assert/strict';
import { temperatureScope, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ReportSpec } from '../../support/hierarchy.js';

/** What the contract refuses counts in no trace either: records may come from somebody who put them together. */
describe('A trace over records that no registry would have written', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  const next = (spec: Partial<ReportSpec> = {}): void => {
    const report = { id: 'next', device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
    hierarchy.addReport({ ...report, performed: '2025-06-01', ...spec });
  };

  const outcome = async (device = 'sensor-a') => {
    const { status, reason } = await hierarchy.trace(device);
    return `${status}: ${reason}`;
  };

  /** A list with its entry at a place once more at its end. */
  const repeated = <E>(entries: readonly E[], place: number): readonly E[] => [...entries, entries.at(place)!];

  describe('says the same when a statement is filed once more:', () => {
    it('a reinstatement behind a later suspension', async () => {
      const device = ['device', 'working-a'] as const;
      for (const kind of ['suspension', 'reinstatement', 'suspension'] as const) {
        hierarchy.addStatement(kind, device);
      }
      assert.match(await outcome(), /^FAILED: Device oem-a\/working-a is suspended/);
      hierarchy.changeDevice('working-a', (old) => ({ ...old, impediments: repeated(old.impediments, 1) }));
      assert.match(await outcome(), /^FAILED: Device oem-a\/working-a is suspended/);
    });

    it('an accreditation behind its reduction', async () => {
      hierarchy.reduce('lab-alpha', { validTo: '2025-01-01', registered: '2025-01-05T00:00:00Z' });
      assert.match(await outcome(), /^FAILED: Organisation lab-alpha had no accreditation/);
      hierarchy.changeOrganisation('lab-alpha', (old) => ({ ...old, accreditations: repeated(old.accreditations, 0) }));
      assert.match(await outcome(), /^FAILED: Organisation lab-alpha had no accreditation/);
    });

    it('an acceptance behind that of a newer report', async () => {
      next();
      hierarchy.addStatement('revocation', ['report', 'next'], { reason: 'fraud' });
      assert.match(await outcome(), /^FAILED: Report oem-a\/next is revoked/);
      hierarchy.changeDevice('sensor-a', (old) => ({ ...old, ownership: repeated(old.ownership, 0) }));
      assert.match(await outcome(), /^FAILED: Report oem-a\/next is revoked/);
    });

    it('a transfer back and forth', async () => {
      hierarchy.transfer('sensor-a', 'oem-b');
      hierarchy.transfer('sensor-a', 'oem-a');
      hierarchy.changeDevice('sensor-a', (old) => ({ ...old, ownership: repeated(old.ownership, 1) }));
      next();
      assert.equal((await hierarchy.trace('sensor-a')).edges[0]?.report, 'oem-a/next');
    });

    it('an interval behind a shorter one', async () => {
      hierarchy.setInterval('sensor-a', null);
      hierarchy.setInterval('sensor-a', 10);
      hierarchy.changeDevice('sensor-a', (old) => ({ ...old, ownership: repeated(old.ownership, 1) }));
      assert.match(await outcome(), /^FAILED: The recalibration of oem-a\/sensor-a was due/);
    });

    it('an authorisation behind a narrower one', async () => {
      const technician = { id: 't-new', organisation: 'oem-a' };
      await hierarchy.addTechnician(technician);
      await hierarchy.addTechnician({ ...technician, quantities: ['mass'] });
      // Of one epoch all count: their order within it is nobody's word.
      hierarchy.seal('2025-02-01T00:00:00Z');
      hierarchy.changePerson('t-new', (old) => ({ ...old, authorisations: repeated(old.authorisations, 0) }));
      next({ technician: 't-new' });
      assert.match(await outcome(), /^FAILED: .*t-new may not sign for temperature/);
    });

    it('a policy of the institutes behind a stricter one', async () => {
      hierarchy.setPolicy({ transcriptionDays: 1000 });
      hierarchy.setPolicy({ transcriptionDays: 30 });
      hierarchy.changeRegistry((old) => ({ ...old, changes: repeated(old.changes, -2) }));
      next({ performed: '2025-02-20', registered: '2025-04-20T00:00:00Z' });
      assert.match(await outcome(), /^ATTESTED: .*transcription/);
    });
  });

  describe('listens to nobody who could not speak when the ledger took it in:', () => {
    const revoked = (person: string) => {
      hierarchy.addStatement('revocation', ['person', person], {
        reason: 'key-compromise',
        effective: '2024-12-01T00:00:00Z',
        registered: '2025-01-02T00:00:00Z',
        signers: [`organisation:${person.slice(0, person.indexOf('/'))}`],
      });
    };

    it('an institute is not admitted by a revoked officer', async () => {
      revoked('nmi-east/officer');
      const signers = ['organisation:nmi-west', 'officer:nmi-south/officer', 'officer:nmi-east/officer'];
      await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI', signers, registered: '2025-01-03T00:00:00Z' });
      await hierarchy.addTechnician({ id: 't-west', organisation: 'nmi-west' });
      const device = await hierarchy.addChain(2, 't-west', 'west');
      assert.match(await outcome(device), /^FAILED: Organisation nmi-west is not one of the registry's institutes/);
    });

    it('an institute does not fall by a revoked officer', async () => {
      revoked('nmi-east/officer');
      const signers = ['officer:nmi-south/officer', 'officer:nmi-east/officer'];
      hierarchy.addStatement('revocation', ['organisation', 'nmi-north'], { author: 'nmi-south', signers });
      assert.match(await outcome(), /^TRACEABLE/);
    });

    it('what an officer decided with the others stays decided when they are revoked later', async () => {
      const signers = ['organisation:nmi-west', 'officer:nmi-south/officer', 'officer:nmi-east/officer'];
      await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI', signers });
      await hierarchy.addTechnician({ id: 't-west', organisation: 'nmi-west' });
      const device = await hierarchy.addChain(2, 't-west', 'west');
      revoked('nmi-east/officer');
      assert.match(await outcome(device), /^TRACEABLE/);
    });

    it('nothing is reinstated by a revoked officer', async () => {
      hierarchy.addStatement('suspension', ['device', 'working-a']);
      hierarchy.addStatement('revocation', ['person', 'oem-a/officer'], { reason: 'cessation' });
      hierarchy.addStatement('reinstatement', ['device', 'working-a']);
      assert.match(await outcome(), /^FAILED: Device oem-a\/working-a is suspended/);
    });

    it('no officer lifts their own suspension', async () => {
      const officer = ['person', 'oem-a/officer'] as const;
      hierarchy.addStatement('suspension', officer, {
        effective: '2025-01-01T00:00:00Z',
        registered: '2025-01-02T00:00:00Z',
      });
      hierarchy.addStatement('reinstatement', officer, {
        effective: '2025-01-01T00:00:00Z',
        registered: '2025-01-03T00:00:00Z',
      });
      next();
      assert.match(await outcome(), /^INCOMPLETE: .*Officer oem-a\/officer is suspended/);
    });
  });

  it('lifts no suspension before it began', async () => {
    hierarchy.addStatement('suspension', ['device', 'working-a'], { effective: '2025-06-01T00:00:00Z' });
    hierarchy.addStatement('reinstatement', ['device', 'working-a'], { effective: '2025-05-01T00:00:00Z' });
    assert.match(await outcome(), /^FAILED: Device oem-a\/working-a is suspended/);
  });

  it('counts no acceptance of a report that its owner has rejected', async () => {
    hierarchy.reject('sensor-a-r1');
    hierarchy.accept('sensor-a-r1');
    assert.match(await outcome(), /^FAILED: The owner of device .* has rejected report oem-a\/sensor-a-r1/);
  });

  it('puts no older calibration in the place of a newer one by a standing consent', async () => {
    next();
    hierarchy.consent('oem-a', { laboratory: 'lab-alpha' });
    const older = { technician: 't-lab-alpha', parents: ['reference-a-r1'], performed: '2025-05-01' };
    next({ id: 'older', ...older, accepted: 'consent', registered: '2025-06-02T00:00:00Z' });
    assert.equal((await hierarchy.trace('sensor-a')).edges[0]?.report, 'oem-a/next');
  });

  it('covers by a standing consent nothing that rests on paper, though another way led there before', async () => {
    const paper = { kind: 'paper', certificate: 'K-1', laboratory: '', equipment: '' } as const;
    const lab = { technician: 't-lab-alpha' };
    hierarchy.consent('oem-a', { laboratory: 'lab-alpha' });
    for (const id of ['shared', 'first', 'second']) {
      await hierarchy.addDevice({ id, technician: 't-oem-a' });
    }
    hierarchy.addReport({ ...lab, id: 'shared-r', device: 'shared', parents: ['reference-a-r1', paper] });
    hierarchy.addReport({ ...lab, id: 'first-r', device: 'first', parents: ['shared-r'] });
    hierarchy.addReport({ ...lab, id: 'second-r', device: 'second', parents: ['shared-r'], accepted: 'consent' });
    next({ parents: ['first-r', 'second-r'] });
    assert.match(await outcome(), /^INCOMPLETE: Report lab-alpha\/second-r is not traceable by itself/);
  });

  it('clears no revoked report by amending it twice', async () => {
    const amended = { performed: '2025-01-13', supersedes: 'sensor-a-r1', id: 'once' };
    next(amended);
    hierarchy.addStatement('revocation', ['report', 'once'], { reason: 'fraud' });
    next({ ...amended, id: 'twice', supersedes: 'once' });
    hierarchy.changeDevice('sensor-a', (old) => ({ ...old, ownership: old.ownership.slice(0, 1) }));
    const { edges } = await hierarchy.trace('sensor-a');
    assert.ok(edges[0]?.findings.some(({ reason }) => reason.startsWith('Report oem-a/once is revoked')));
  });

  it('goes over no amendment by another organisation, whoever amends that', async () => {
    const amended = { performed: '2025-01-13', supersedes: 'sensor-a-r1', id: 'foreign' };
    next({ ...amended, technician: 't-lab-alpha', parents: ['reference-a-r1'] });
    next({ ...amended, id: 'own', supersedes: 'foreign' });
    hierarchy.changeDevice('sensor-a', (old) => ({ ...old, ownership: old.ownership.slice(0, 1) }));
    assert.match(await outcome(), /^FAILED: Report lab-alpha\/foreign amends report .* of another organisation/);
  });

  it('knows no organisation that has changed what it is', async () => {
    const { body } = hierarchy.membershipOf('oem-a')!;
    const { certificate, jws } = hierarchy.organisations.get('oem-a')!.memberships[0]!;
    const changed = hierarchy.changed(jws, { number: 50, body: { ...body, kind: 'LAB' } });
    const entry = { jws: changed, certificate, registered: hierarchy.stamp() };
    hierarchy.changeOrganisation('oem-a', (old) => ({ ...old, memberships: [...old.memberships, entry] }));
    hierarchy.accredit('oem-a', [temperatureScope()]);
    assert.match(await outcome(), /^FAILED: .*oem-a .*kind, MSP and certifier/);
  });

  it('takes no calibration for done that lies ahead of its registration', async () => {
    next({ performed: '2025-06-02', registered: '2025-06-01T12:00:00Z' });
    assert.match(await outcome(), /^FAILED: Report oem-a\/next was performed until 2025-06-02, which lies ahead/);
  });
});
