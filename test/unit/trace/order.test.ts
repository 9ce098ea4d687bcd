import assert from 'node:assert/strict';
import type { OwnerEntry } from '@tracecal/core/model';
import { temperatureScope, twoCountries, paperParent } from '../../support/hierarchy.js';
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
      assert.match(await outcome(), /^INCOMPLETE: Organisation lab-alpha had no accreditation/);
      hierarchy.changeOrganisation('lab-alpha', (old) => ({ ...old, accreditations: repeated(old.accreditations, 0) }));
      assert.match(await outcome(), /^INCOMPLETE: Organisation lab-alpha had no accreditation/);
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

    /** A device of oem-b, imprinted and calibrated by a laboratory. */
    const bought = async (registered: string, officer = 'officer:oem-b/officer') => {
      const device = { id: 'bought', technician: 't-lab-alpha', kind: 'field', owner: 'oem-b', registered } as const;
      await hierarchy.addDevice({ ...device, signers: ['technician:t-lab-alpha', 'device:lab-alpha/bought', officer] });
      const report = { id: 'bought-r', device: 'bought', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
      hierarchy.addReport({ ...report, performed: '2025-02-03' });
    };

    it('an institute is not admitted by a revoked officer', async () => {
      revoked('nmi-east/officer');
      hierarchy.seal('2025-01-02T12:00:00Z');
      const signers = ['organisation:nmi-west', 'officer:nmi-south/officer', 'officer:nmi-east/officer'];
      await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI', signers, registered: '2025-01-03T00:00:00Z' });
      await hierarchy.addTechnician({ id: 't-west', organisation: 'nmi-west', registered: '2025-01-04T00:00:00Z' });
      next({ technician: 't-west' });
      assert.match(await outcome(), /^FAILED: Organisation nmi-west is not one of the registry's institutes/);
    });

    it('an institute does not fall by a revoked officer', async () => {
      revoked('nmi-east/officer');
      hierarchy.seal('2025-01-02T12:00:00Z');
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

    for (const kind of ['suspension', 'revocation'] as const) {
      it(`no device is owned by the word of an officer under ${kind}`, async () => {
        const [said, taken] = ['2025-02-01T00:00:00Z', '2025-02-02T00:00:00Z'];
        hierarchy.addStatement(kind, ['person', 'oem-b/officer'], { registered: said, effective: said });
        hierarchy.seal('2025-02-01T12:00:00Z');
        await bought(taken);
        assert.match(
          await outcome('bought'),
          /^FAILED: Officer oem-b\/officer is (suspended|revoked) since 2025-02-01/,
        );
      });
    }

    it('no device is owned by the word of an organisation that was suspended', async () => {
      const [said, taken] = ['2025-02-01T00:00:00Z', '2025-02-02T00:00:00Z'];
      const suspended = ['organisation', 'oem-b'] as const;
      hierarchy.addStatement('suspension', suspended, { registered: said, effective: said });
      hierarchy.seal('2025-02-01T12:00:00Z');
      await bought(taken);
      assert.match(await outcome('bought'), /^FAILED: Organisation oem-b is suspended/);
    });

    it('a device stays its owner’s when the officer who signed for it is revoked later', async () => {
      await hierarchy.addOfficer({ id: 'second', organisation: 'oem-b' });
      await bought('2025-02-02T00:00:00Z', 'officer:oem-b/second');
      assert.match(await outcome('bought'), /^TRACEABLE/);
      hierarchy.addStatement('revocation', ['person', 'oem-b/second'], {
        reason: 'key-compromise',
        effective: '2024-12-01T00:00:00Z',
        registered: '2025-03-01T00:00:00Z',
      });
      assert.match(await outcome('bought'), /^TRACEABLE/);
    });

    it('nothing is reinstated by a revoked officer', async () => {
      hierarchy.addStatement('suspension', ['device', 'working-a']);
      hierarchy.addStatement('revocation', ['person', 'oem-a/officer'], { reason: 'cessation' });
      hierarchy.addStatement('reinstatement', ['device', 'working-a']);
      assert.match(await outcome(), /^FAILED: Device oem-a\/working-a is suspended/);
    });

    it('nothing is reinstated by what was said about something else', async () => {
      const said = { effective: '2025-02-01T00:00:00Z', registered: '2025-02-01T00:00:00Z' };
      for (const device of ['working-a', 'sensor-a'] as const) {
        hierarchy.addStatement('suspension', ['device', device], said);
      }
      hierarchy.addStatement('reinstatement', ['device', 'sensor-a'], said);
      const [, lifted] = hierarchy.devices.get('oem-a/sensor-a')?.impediments ?? [];
      hierarchy.changeDevice('working-a', (old) => ({ ...old, impediments: [...old.impediments, lifted!] }));
      assert.match(await outcome(), /^FAILED: .*Device oem-a\/working-a is suspended/);
    });

    it('no officer lifts their own suspension', async () => {
      const officer = ['person', 'oem-a/officer'] as const;
      hierarchy.addStatement('suspension', officer, {
        effective: '2025-01-02T00:00:00Z',
        registered: '2025-01-02T00:00:00Z',
      });
      hierarchy.addStatement('reinstatement', officer, {
        signers: ['officer:oem-a/officer'],
        effective: '2025-01-02T00:00:00Z',
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

  it('counts no standing consent that its owner has replaced by a narrower one before', async () => {
    hierarchy.consent('oem-a', { laboratory: 'lab-alpha', registered: '2025-01-20T00:00:00Z' });
    const [{ jws }] = hierarchy.standingConsents.get('oem-a lab-alpha') as readonly [OwnerEntry];
    const report = { technician: 't-lab-alpha', parents: ['reference-a-r1'], accepted: false };
    next({ ...report, id: 'before' });
    const apply = (id: string) => {
      const { registered } = hierarchy.recordOf(id).statement;
      const entry = { jws, registered, applied: hierarchy.acceptanceOf(id) };
      hierarchy.changeDevice('sensor-a', (old) => ({ ...old, ownership: [...old.ownership, entry] }));
    };
    apply('before');
    hierarchy.seal('2025-10-30T00:00:00Z');
    hierarchy.consent('oem-a', { laboratory: 'lab-alpha', until: '2025-10-31', registered: '2025-11-01T00:00:00Z' });
    assert.match(await outcome(), /^TRACEABLE/);
    // Of one epoch both count: their order within it is nobody's word.
    hierarchy.seal('2025-11-10T00:00:00Z');
    next({ ...report, id: 'after', performed: '2025-11-20', registered: '2025-11-25T00:00:00Z' });
    apply('after');
    assert.match(await outcome(), /^INCOMPLETE: .*It was not the standing consent of oem-a to what lab-alpha reports/);
  });

  it('covers by a standing consent nothing that rests on paper, though another way led there before', async () => {
    const paper = paperParent('K-1');
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
    next({ performed: '2025-06-02', registered: '2025-06-01T09:59:59Z' });
    assert.match(await outcome(), /^FAILED: Report oem-a\/next was performed until 2025-06-02, which lies ahead/);
  });

  describe('hears an acceptance outside of the record of its device', () => {
    /** Takes the acceptance of the report that sensor-a rests on out of its device's record. */
    const takeOut = (): OwnerEntry => {
      const [entry] = hierarchy.devices.get('oem-a/working-a')?.ownership ?? [];
      hierarchy.changeDevice('working-a', (old) => ({ ...old, ownership: [], settledUntil: '2025-01-20T00:00:00Z' }));
      return entry ?? assert.fail();
    };
    const settle = (...entries: readonly OwnerEntry[]) => {
      hierarchy.settledAcceptances.set('lab-alpha/working-a-r1', entries);
    };
    const accept = (by: string, number?: number): OwnerEntry => {
      hierarchy.accept('working-a-r1', { by, ...(number !== undefined && { number }) });
      const entry = hierarchy.devices.get('oem-a/working-a')?.ownership.at(-1) ?? assert.fail();
      hierarchy.changeDevice('working-a', (old) => ({ ...old, ownership: old.ownership.slice(0, -1) }));
      return entry;
    };
    const MISSING = /^INCOMPLETE: The owner of device oem-a\/working-a has not accepted report/;

    it('for what rests on the report, of whoever owned the device then', async () => {
      const entry = takeOut();
      assert.match(await outcome(), MISSING);
      settle(entry);
      assert.match(await outcome(), /^TRACEABLE/);
      hierarchy.transfer('working-a', 'lab-beta');
      assert.match(await outcome(), /^TRACEABLE/);
    });

    it('but none by a stranger, by a former owner after handing the device over, or of another report', async () => {
      const entry = takeOut();
      settle(accept('oem-b'));
      assert.match(await outcome(), MISSING);
      hierarchy.transfer('working-a', 'lab-beta');
      settle(accept('oem-a'));
      assert.match(await outcome(), MISSING);
      hierarchy.settledAcceptances.set('nmi-north/reference-a-r1', [entry]);
      settle();
      assert.match(await outcome(), MISSING);
    });

    it('and none that makes a rejection undone', async () => {
      hierarchy.reject('working-a-r1');
      const rejected = await outcome();
      assert.match(rejected, /^FAILED: The owner of device oem-a\/working-a, oem-a, has rejected/);
      const [entry, ...rejection] = hierarchy.devices.get('oem-a/working-a')?.ownership ?? [];
      hierarchy.changeDevice('working-a', (old) => ({
        ...old,
        ownership: rejection,
        settledUntil: '2025-01-20T00:00:00Z',
      }));
      settle(entry ?? assert.fail());
      assert.equal(await outcome(), rejected);
    });
  });
});
