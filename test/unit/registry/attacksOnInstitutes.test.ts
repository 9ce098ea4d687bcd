import assert from 'node:assert/strict';
import type { OrganisationAnswer, RegistryAnswer } from '@tracecal/core/contracts';
import type { Verdict } from '@tracecal/core/trace';
import { cmcOf, Hierarchy, later, massScope, temperatureScope, twoCountries } from '../../support/hierarchy.js';
import type { Item } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, replay, submit } from '../../support/registry.js';

describe('Institutes under attack from within', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const officer = (id: string) => `officer:${id}/officer`;
  const [NORTH, SOUTH, EAST] = ['nmi-north', 'nmi-south', 'nmi-east'].map(officer) as [string, string, string];

  const outcome = async (device = 'oem-a/sensor-a') => {
    const { status, reason } = await ask<Verdict>(ledger, 'traceCal', device, '{}');
    return `${status}: ${reason}`;
  };
  const linesOf = async (id: string) => (await ask<OrganisationAnswer>(ledger, 'getOrganisation', id)).lines;
  const revokeOfficer = (id: string): Promise<unknown> =>
    submit(
      ledger,
      hierarchy.addStatement('revocation', ['person', `${id}/officer`], {
        reason: 'key-compromise',
        signers: [`organisation:${id}`],
        effective: '2025-06-01T00:00:00Z',
      }),
    );
  const suspendItself = (id: string): Promise<unknown> =>
    submit(
      ledger,
      hierarchy.addStatement('suspension', ['organisation', id], {
        author: id,
        signers: [officer(id)],
        effective: '2024-01-01T00:00:00Z',
      }),
    );
  const admission = (signers: readonly string[]): Promise<Item> =>
    hierarchy.addOrganisation({
      id: 'nmi-west',
      kind: 'NMI',
      signers: ['organisation:nmi-west', ...signers],
      scopes: [],
    });

  describe('by officers who were revoked', () => {
    it('a stolen key of a revoked officer admits no institute and sets no policy', async () => {
      await revokeOfficer('nmi-south');
      const admitted = await admission([NORTH, SOUTH]);
      await refuses(submit(ledger, admitted), 'SIGNATURE_INVALID', /majority/);
      const policy = hierarchy.setPolicy({ transcriptionDays: 3000 }, { signers: [NORTH, SOUTH] });
      await refuses(submit(ledger, policy), 'SIGNATURE_INVALID', /majority/);
      const { institutes } = await ask<RegistryAnswer>(ledger, 'getRegistry');
      assert.equal(institutes.length, 3);
    });

    it('the stolen keys of two revoked officers let no institute fall', async () => {
      await revokeOfficer('nmi-south');
      await revokeOfficer('nmi-east');
      const fall = { author: 'nmi-south', reason: 'fraud', signers: [SOUTH, EAST] } as const;
      const revocation = hierarchy.addStatement('revocation', ['organisation', 'nmi-north'], fall);
      await refuses(submit(ledger, revocation), 'SIGNATURE_INVALID', /majority/);
      assert.match(await outcome(), /^TRACEABLE/);
    });

    it('an officer whose certificate has expired admits no institute either', async () => {
      await hierarchy.addOfficer({ id: 'old', organisation: 'nmi-east', valid: ['2020-01-01', '2024-06-30'] });
      await admission([SOUTH, 'officer:nmi-east/old']);
      await hierarchy.addTechnician({ id: 't-west', organisation: 'nmi-west' });
      const { reason } = await hierarchy.trace(await hierarchy.addChain(2, 't-west', 'west'));
      assert.equal(reason, "Organisation nmi-west is not one of the registry's institutes.");
    });
  });

  describe('by a transaction whose items rest on one another', () => {
    const said = () => ({ registered: ledger.now, date: ledger.now });

    /** Nobody has to commit it: that an endorser has run it is enough. */
    const run = async (...items: readonly Item[]): Promise<void> => {
      const batch = ledger.simulate({ mspId: 'LabAlphaMSP' }, 'submitStatements', JSON.stringify({ items }));
      await assert.rejects(batch, /no item may rest on another/);
    };

    it('a fallen institute does not stand again for an endorser that has refused one', async () => {
      const fallen = { author: 'nmi-south', signers: [SOUTH, EAST], reason: 'fraud', ...said() } as const;
      await submit(ledger, hierarchy.addStatement('revocation', ['organisation', 'nmi-north'], fallen));
      const renewal = await hierarchy.addOfficer({ id: 'officer', organisation: 'nmi-south', ...said() });
      await run(renewal, hierarchy.setInterval('sensor-b', 365, said()));
      assert.match(await outcome(), /^FAILED: .*nmi-north is revoked/);
    });

    it('a sound technician stays one', async () => {
      const renewal = await hierarchy.addOfficer({ id: 'officer', organisation: 'oem-a', ...said() });
      const device = await hierarchy.addDevice({ id: 'further', technician: 't-oem-a', ...said() });
      await run(renewal, device);
      assert.match(await outcome(), /^TRACEABLE/);
    });
  });

  describe('by recounting what was decided', () => {
    it('an institute that suspends itself since long ago takes no lines away from the others', async () => {
      const before = await linesOf('nmi-south');
      await suspendItself('nmi-north');
      assert.deepEqual(await linesOf('nmi-south'), before);
      assert.match(await outcome('oem-b/sensor-b'), /^TRACEABLE/);
    });

    it('institutes that are admitted later do not outvote what was decided before', async () => {
      const from = hierarchy.steps.length;
      for (const id of ['nmi-west', 'nmi-far', 'nmi-further']) {
        await hierarchy.addOrganisation({ id, kind: 'NMI', scopes: [], registered: ledger.now });
      }
      await replay(hierarchy, ledger, from);
      const { institutes } = await ask<RegistryAnswer>(ledger, 'getRegistry');
      assert.equal(institutes.length, 6);
      assert.match(await outcome('oem-b/sensor-b'), /^TRACEABLE/);
    });

    it('a client that dates an admission back does not make older decisions fall', async () => {
      hierarchy.accredit('nmi-south', [massScope({ min: 100, max: 200 })]);
      ledger.now = later(ledger.now, 1200);
      await submit(ledger, hierarchy.steps.at(-1)!.item);
      const before = await linesOf('nmi-south');
      ledger.now = later(ledger.now, -600);
      await submit(ledger, await admission([NORTH, SOUTH]));
      assert.deepEqual(await linesOf('nmi-south'), before);
    });
  });

  describe('by few who speak for all', () => {
    it('while the others are suspended the last one does not decide alone', async () => {
      await suspendItself('nmi-north');
      await suspendItself('nmi-east');
      const alone = hierarchy.setPolicy({ transcriptionDays: 3000 }, { signers: [SOUTH] });
      await refuses(submit(ledger, alone), 'SIGNATURE_INVALID', /majority/);
      const together = hierarchy.setPolicy({ transcriptionDays: 3000 }, { signers: [SOUTH, EAST] });
      await refuses(submit(ledger, together), 'SIGNATURE_INVALID', /majority/);
    });

    it('a majority says nothing in the name of an institute that has not signed', async () => {
      const policy = hierarchy.setPolicy({ transcriptionDays: 30 }, { signers: [SOUTH, EAST] });
      const statement = hierarchy.changed(policy.statement, { author: 'nmi-north' }, [SOUTH, EAST]);
      await refuses(submit(ledger, { statement }), 'SIGNATURE_INVALID', /its author among them/);
      await submit(ledger, policy);
    });

    it('an institute does not lift by itself what the others have imposed on it', async () => {
      const subject = ['organisation', 'nmi-north'] as const;
      hierarchy.addStatement('suspension', subject, { author: 'nmi-south', effective: '2025-12-02T00:00:00Z' });
      hierarchy.addStatement('reinstatement', subject, {
        author: 'nmi-north',
        lifts: 'nmi-south',
        signers: [NORTH],
        effective: '2025-12-03T00:00:00Z',
      });
      assert.match((await hierarchy.trace('sensor-a')).reason, /nmi-north is suspended since 2025-12-02/);
      const [suspension, lifting] = hierarchy.steps.slice(-2).map(({ item }) => item);
      await submit(ledger, suspension!);
      await refuses(submit(ledger, lifting!), 'NOT_AUTHORISED', /suspended by nmi-south/);
    });

    it('a seal that is dated ahead does not move the dates of everybody else', async () => {
      const ahead = hierarchy.seal(later(ledger.now, 61), { number: 1 });
      await refuses(submit(ledger, ahead), 'TIME_INVALID', /nor within 15 minutes before/);
    });
  });

  describe('on accreditation', () => {
    const wide = temperatureScope({ min: -1e5, max: 1e5, cmc: cmcOf(1e-300) });

    it('a laboratory accredits no organisation that it certifies', async () => {
      const from = hierarchy.steps.length;
      await hierarchy.addOrganisation({ id: 'puppet', kind: 'LAB', certifiedBy: 'lab-alpha', scopes: [] });
      await hierarchy.addTechnician({ id: 't-puppet', organisation: 'puppet' });
      await replay(hierarchy, ledger, from);
      const line = hierarchy.accredit('puppet', [wide], { author: 'lab-alpha' });
      await refuses(submit(ledger, line), 'NOT_AUTHORISED', /lab-alpha may not accredit puppet/);
      hierarchy.addReport({
        id: 'wide',
        device: 'sensor-a',
        technician: 't-puppet',
        parents: ['reference-a-r1'],
        performed: '2025-12-20',
      });
      assert.match((await hierarchy.trace('sensor-a')).reason, /puppet had no accreditation/);
    });

    it('a laboratory certifies no accreditation body, which would accredit', async () => {
      const registry = new Hierarchy();
      const institutes = ['nmi-north', 'nmi-south', 'nmi-east'];
      await registry.found({ institutes, policy: { accreditors: 'body' } });
      await registry.addOrganisation({ id: 'lab', kind: 'LAB', certifiedBy: 'nmi-north', scopes: [] });
      await registry.addOrganisation({ id: 'body', kind: 'ACCREDITATION_BODY', certifiedBy: 'nmi-south' });
      ledger = await registryOf(registry);
      const fake = await registry.addOrganisation({ id: 'fake', kind: 'ACCREDITATION_BODY', certifiedBy: 'lab' });
      await refuses(
        submit(ledger, fake),
        'NOT_AUTHORISED',
        /fake \(ACCREDITATION_BODY\) is not certified by lab \(LAB\)/,
      );
      registry.accredit('lab', [wide], { author: 'fake' });
      await registry.addTechnician({ id: 't-lab', organisation: 'lab' });
      const device = await registry.addChain(2, 't-lab', 'faked');
      assert.match((await registry.trace(device)).reason, /lab had no accreditation/);
      await submit(ledger, registry.accredit('lab', [temperatureScope()], { author: 'body' }));
      assert.deepEqual(
        (await linesOf('lab')).map(({ by }) => by),
        ['body'],
      );
    });

    it('a line that is given to a sensor maker unasked does not make what it makes fail', async () => {
      await submit(ledger, hierarchy.accredit('oem-a', [massScope()]));
      assert.equal((await linesOf('oem-a')).length, 1);
      assert.match(await outcome(), /^TRACEABLE/);
    });

    it('a new policy does not undo what was granted and registered under the old one', async () => {
      await submit(ledger, hierarchy.setPolicy({ accreditors: 'body', transcriptionDays: 1 }));
      const more = hierarchy.accredit('lab-alpha', [wide]);
      await refuses(submit(ledger, more), 'NOT_AUTHORISED', /nmi-north may not accredit lab-alpha/);
      assert.match(await outcome(), /^TRACEABLE/);
    });
  });
});
