import assert from 'node:assert/strict';
import type { DeviceAnswer, OrganisationAnswer, RegistryAnswer } from '@tracecal/core/contracts';
import type { Verdict } from '@tracecal/core/trace';
import { temperatureResult, unsealedCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ImpedimentSpec, ReportSpec, Saying } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

/** Officers who fall, or are said to have fallen, after others have relied on what they signed. */
describe('The registry under attack by words about officers', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await unsealedCountries();
    for (const organisation of ['nmi-north', 'lab-alpha', 'oem-a']) {
      await hierarchy.addOfficer({ id: 'second', organisation });
    }
    ledger = await registryOf(hierarchy);
    ledger.now = '2025-02-01T10:00:00Z';
  });

  const now = () => ({ registered: ledger.now });
  const on = (day: string): void => {
    ledger.now = `${day}T10:00:00Z`;
  };
  const outcome = async (device: string, ...trusted: readonly string[]) => {
    const { institutes } = await ask<RegistryAnswer>(ledger, 'getRegistry');
    const roots = institutes.filter(({ id }) => trusted.includes(id)).map((each) => each.certificateSha256);
    const asked = { asOf: '2025-12-01T00:00:00Z', ...(roots.length > 0 && { roots }) };
    const { status, reason } = await ask<Verdict>(ledger, 'traceCal', device, asked);
    return `${status}: ${reason}`;
  };
  const report = (spec: ReportSpec) => {
    const day = ledger.now.slice(0, 10);
    return hierarchy.addReport({ performed: day, issued: day, ...now(), ...spec });
  };
  /** An organisation says with its other officer that the key of one was stolen long ago. */
  const revoke = (officer: string, spec: ImpedimentSpec = {}) => {
    const [author = '', name] = officer.split('/');
    const signers = [name === 'officer' ? `organisation:${author}` : `officer:${author}/officer`];
    const said = { author, reason: 'key-compromise', effective: '2024-12-02T00:00:00Z', signers } as const;
    return submit(ledger, hierarchy.addStatement('revocation', ['person', officer], { ...said, ...now(), ...spec }));
  };

  describe('a key that was replaced does not come back when the officer falls who signed for the newer one', () => {
    /** Signed with a key that the thief kept. */
    const forged = (
      id: string,
      signer: string,
      spec: Omit<ReportSpec, 'id' | 'parents'> & { readonly parents: readonly string[] },
    ) => {
      const others = spec.parents.map((parent) => `device:${hierarchy.payloadOf(parent).body.device}`);
      const signers = [`technician:${hierarchy.idOf('person', spec.technician)}`, ...others];
      return report({
        id,
        ...spec,
        signers: signers.map((each) => (each === signer ? `${signer}=device:oem-a/thief` : each)),
      });
    };
    const steal = (signer: string) => hierarchy.addDevice({ id: 'thief', technician: 't-oem-a', sameKeyAs: signer });

    for (const organisation of ['nmi-north', 'oem-a']) {
      it(`of a technician of ${organisation}`, async () => {
        const [id, technician] = [`t-${organisation}`, `technician:${organisation}/t-${organisation}`];
        await steal(technician);
        const renew = async (officer: string) => {
          const signers = [technician, `officer:${organisation}/${officer}`];
          await submit(ledger, await hierarchy.addTechnician({ id, organisation, signers, ...now() }));
        };
        const parents = organisation === 'oem-a' ? ['working-a-r1'] : ['primary-a-r1'];
        const attempt = (name: string) =>
          submit(ledger, forged(name, technician, { device: 'sensor-a', technician: id, parents }));
        await renew('second');
        on('2025-03-01');
        await refuses(attempt('f1'), 'SIGNATURE_INVALID', /the key of technician:\S+ was replaced/);
        await revoke(`${organisation}/second`, { effective: ledger.now });
        on('2025-04-01');
        await refuses(attempt('f2'), 'SIGNATURE_INVALID', /the key of technician:\S+ was replaced/);
        await renew('officer');
        await refuses(attempt('f3'), 'SIGNATURE_INVALID', /the key of technician:\S+ was replaced/);
        await submit(ledger, report({ id: 'own', device: 'sensor-a', technician: id, parents }));
        assert.match(await outcome('oem-a/sensor-a'), /^TRACEABLE/);
      });
    }

    it('of a standard', async () => {
      const standard = 'device:lab-alpha/reference-a';
      await steal(standard);
      const signers = ['technician:lab-alpha/t-two', 'officer:lab-alpha/second'];
      await submit(
        ledger,
        await hierarchy.addTechnician({ id: 't-two', organisation: 'lab-alpha', signers, ...now() }),
      );
      on('2025-02-02');
      await submit(ledger, await hierarchy.renewDevice('reference-a', { technician: 't-two', ...now() }));
      const work = { device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
      on('2025-03-01');
      await refuses(
        submit(ledger, forged('f1', standard, work)),
        'SIGNATURE_INVALID',
        /the key of device:\S+ was replaced/,
      );
      await revoke('lab-alpha/second', { effective: ledger.now });
      on('2025-04-01');
      await refuses(
        submit(ledger, forged('f2', standard, work)),
        'SIGNATURE_INVALID',
        /the key of device:\S+ was replaced/,
      );
    });
  });

  describe('a sold standard stays with its buyer, and so does what the buyer says of it', () => {
    const device = 'oem-a/working-a';
    const isKept = async (owner: string, words = /^FAILED: Device oem-a\/working-a is revoked/): Promise<void> => {
      const { owner: own, impediments } = await ask<DeviceAnswer>(ledger, 'getDevice', device);
      assert.deepEqual([own, impediments.map(({ by }) => by)], [owner, [owner]]);
      assert.match(await outcome('oem-a/sensor-a'), words);
      const again = hierarchy.transfer(device, 'lab-alpha', { by: 'oem-a', ...now() });
      await refuses(submit(ledger, again), 'NOT_AUTHORISED', /owned by .*, not by oem-a/);
    };
    /** The seller goes on calibrating with it, and the buyer objects. */
    const sell = async (buyer: string, saying: Saying = {}): Promise<void> => {
      await submit(ledger, hierarchy.transfer('working-a', buyer, { ...saying, ...now() }));
      on('2025-03-01');
      const work = { device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
      await submit(ledger, report({ id: 'later', ...work }));
      const said = { author: buyer, reason: 'out-of-tolerance', effective: '2025-02-02T00:00:00Z', ...now() } as const;
      await submit(ledger, hierarchy.addStatement('revocation', ['device', device], said));
      on('2025-05-01');
    };

    for (const officer of ['lab-beta/officer', 'nmi-south/officer', 'oem-b/officer']) {
      it(`after ${officer} falls, on whom the buyer's certification rests`, async () => {
        await sell('oem-b');
        await revoke(officer, { reason: 'fraud' });
        await isKept('oem-b');
      });
    }

    it('after an officer falls who carried a later key of the seller over', async () => {
      const carriers = ['organisation:oem-a', 'officer:oem-a/second', 'officer:lab-alpha/officer'];
      await submit(ledger, await hierarchy.renewKey('oem-a', { signers: carriers, ...now() }));
      on('2025-02-02');
      await submit(ledger, await hierarchy.addOfficer({ id: 'sales', organisation: 'oem-a', ...now() }));
      on('2025-02-03');
      await sell('oem-b', { signers: ['officer:oem-a/sales', 'officer:oem-b/officer'] });
      await revoke('oem-a/second', { reason: 'fraud' });
      await isKept('oem-b', /^FAILED: Officer oem-a\/second is revoked/);
      const anew = ['organisation:oem-a', 'officer:oem-a/officer', 'officer:lab-alpha/officer'];
      await submit(ledger, await hierarchy.renewKey('oem-a', { signers: anew, ...now() }));
      await isKept('oem-b');
    });

    it('after what had lifted a suspension of the seller no longer counts', async () => {
      const seller = ['organisation', 'oem-a'] as const;
      const said = { author: 'lab-alpha', effective: ledger.now, ...now() };
      await submit(ledger, hierarchy.addStatement('suspension', seller, said));
      on('2025-02-02');
      const lift = { author: 'lab-alpha', effective: ledger.now, signers: ['officer:lab-alpha/second'], ...now() };
      await submit(ledger, hierarchy.addStatement('reinstatement', seller, lift));
      on('2025-02-03');
      await submit(ledger, hierarchy.transfer('working-a', 'oem-b', now()));
      on('2025-05-01');
      await revoke('lab-alpha/second');
      const { owner } = await ask<DeviceAnswer>(ledger, 'getDevice', device);
      assert.equal(owner, 'oem-b');
    });
  });

  it("a buyer's interval and rejection stay when the officer falls who certified the buyer's certifier", async () => {
    await submit(ledger, hierarchy.transfer('sensor-a', 'oem-b', { intervalDays: null, ...now() }));
    on('2025-02-02');
    await submit(ledger, hierarchy.setInterval('sensor-a', 1, now()));
    await submit(ledger, hierarchy.reject('sensor-a-r1', now()));
    on('2025-05-01');
    await revoke('nmi-south/officer');
    const { intervalDays } = await ask<DeviceAnswer>(ledger, 'getDevice', 'oem-a/sensor-a');
    assert.equal(intervalDays, 1);
    assert.match(await outcome('oem-a/sensor-a'), /^FAILED: The owner of device oem-a\/sensor-a, oem-b, has rejected/);
  });

  it('a withdrawn accreditation stays withdrawn when the officer falls who carried the later key over', async () => {
    const lines = async () =>
      (await ask<OrganisationAnswer>(ledger, 'getOrganisation', 'lab-alpha')).lines.map(({ scope }) => scope.validTo);
    const carry = async (officer: string) => {
      const signers = ['organisation:nmi-north', `officer:nmi-north/${officer}`];
      await submit(ledger, await hierarchy.renewKey('nmi-north', { signers, ...now() }));
    };
    await carry('second');
    on('2025-02-02');
    const signers = ['organisation:nmi-north'];
    await submit(ledger, hierarchy.reduce('lab-alpha', { validTo: '2025-02-02', signers, ...now() }));
    on('2025-04-01');
    await revoke('nmi-north/second');
    on('2025-04-02');
    await carry('officer');
    assert.deepEqual([...new Set(await lines())], ['2025-02-02']);
  });

  it('a suspension that was lifted with a stolen key stands again when that officer is revoked', async () => {
    const subject = ['device', 'working-a'] as const;
    const said = { author: 'oem-a', reason: 'out-of-tolerance', effective: '2025-01-25T00:00:00Z' } as const;
    await submit(ledger, hierarchy.addStatement('suspension', subject, { ...said, ...now() }));
    on('2025-03-01');
    const lift = { author: 'oem-a', effective: ledger.now, signers: ['officer:oem-a/second'], ...now() };
    await submit(ledger, hierarchy.addStatement('reinstatement', subject, lift));
    on('2025-03-10');
    const work = { device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
    await submit(ledger, report({ id: 'next', ...work, results: [temperatureResult(1)] }));
    assert.match(await outcome('oem-a/sensor-a'), /^TRACEABLE/);
    await revoke('oem-a/second', { effective: '2025-02-25T00:00:00Z' });
    assert.match(await outcome('oem-a/sensor-a'), /^FAILED: Device oem-a\/working-a is suspended/);
  });

  it('a technician stays suspended whom a key lifted that a fallen officer had carried over', async () => {
    const subject = ['person', 'oem-a/t-oem-a'] as const;
    await submit(
      ledger,
      hierarchy.addStatement('suspension', subject, { effective: '2025-01-25T00:00:00Z', ...now() }),
    );
    on('2025-02-02');
    const carriers = ['organisation:oem-a', 'officer:oem-a/second', 'officer:lab-alpha/officer'];
    await submit(ledger, await hierarchy.renewKey('oem-a', { signers: carriers, ...now() }));
    on('2025-02-03');
    await submit(ledger, hierarchy.addStatement('reinstatement', subject, { effective: ledger.now, ...now() }));
    const isLifted = async () => {
      const { impediments } = await ask<{ impediments: readonly { readonly until: string | null }[] }>(
        ledger,
        'getTechnician',
        'oem-a/t-oem-a',
      );
      return impediments.every(({ until }) => until !== null);
    };
    assert.equal(await isLifted(), true);
    on('2025-04-01');
    await revoke('oem-a/second');
    assert.equal(await isLifted(), false);
  });
});
