import assert from 'node:assert/strict';
import type { DeviceAnswer, OrganisationAnswer, RegistryAnswer } from '@tracecal/core/contracts';
import type { Verdict } from '@tracecal/core/trace';
import { later, temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, replay, submit } from '../../support/registry.js';

describe('Earlier work, under attack by later statements', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const outcome = async (device = 'oem-a/sensor-a') => {
    const { status, reason } = await ask<Verdict>(ledger, 'traceCal', device, '{}');
    return `${status}: ${reason}`;
  };
  const ownerOf = async (id: string) => (await ask<DeviceAnswer>(ledger, 'getDevice', id)).owner;
  /** Says that an officer's key was stolen long ago. */
  const revokeOfficer = (id: string, organisation: string): Promise<unknown> =>
    submit(
      ledger,
      hierarchy.addStatement('revocation', ['person', id], {
        reason: 'key-compromise',
        signers: [`organisation:${organisation}`],
        effective: '2024-12-02T00:00:00Z',
      }),
    );

  describe('about devices', () => {
    it('a seller does not get a device back by revoking the officer who sold it', async () => {
      await submit(ledger, hierarchy.transfer('sensor-a', 'oem-b'));
      await revokeOfficer('oem-a/officer', 'oem-a');
      assert.equal(await ownerOf('oem-a/sensor-a'), 'oem-b');
      await submit(ledger, await hierarchy.addOfficer({ id: 'oem-a/second', organisation: 'oem-a' }));
      const signers = ['officer:oem-a/second', 'officer:lab-alpha/officer'];
      const again = hierarchy.transfer('sensor-a', 'lab-alpha', { by: 'oem-a', signers });
      await refuses(submit(ledger, again), 'NOT_AUTHORISED', /is owned by oem-b, not by oem-a/);
    });

    it('a seller that is suspended later takes no device away from its buyer', async () => {
      await submit(ledger, hierarchy.transfer('sensor-a', 'oem-b'));
      const since = { author: 'lab-alpha', effective: '2024-12-01T00:00:00Z' };
      await submit(ledger, hierarchy.addStatement('suspension', ['organisation', 'oem-a'], since));
      assert.equal(await ownerOf('oem-a/sensor-a'), 'oem-b');
    });

    it('a rejection stays when the officer who signed it falls', async () => {
      await submit(ledger, hierarchy.reject('sensor-a-r1'));
      await revokeOfficer('oem-a/officer', 'oem-a');
      assert.match(await outcome(), /^FAILED: The owner of device .* has rejected/);
    });

    describe('a buyer that lifts what the seller had said against a standard', () => {
      const trusting = async (...trusted: readonly string[]) => {
        const { institutes } = await ask<RegistryAnswer>(ledger, 'getRegistry');
        const roots = institutes.filter(({ id }) => trusted.includes(id)).map((each) => each.certificateSha256);
        const { status, reason } = await ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', { roots });
        return `${status}: ${reason}`;
      };
      const lift = (author: string) => {
        const spec = { author, lifts: 'oem-a', effective: ledger.now, registered: ledger.now };
        return submit(ledger, hierarchy.addStatement('reinstatement', ['device', 'std'], spec));
      };

      beforeEach(async () => {
        const from = hierarchy.steps.length;
        const day = { performed: '2025-12-01', registered: ledger.now };
        await hierarchy.addOrganisation({ id: 'buyer', kind: 'OPERATOR', certifiedBy: 'nmi-east' });
        await hierarchy.addDevice({ id: 'std', technician: 't-lab-alpha', owner: 'oem-a' });
        const standard = { ...day, device: 'std', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
        hierarchy.addReport({ ...standard, id: 'std-r' });
        const work = { ...day, device: 'sensor-a', technician: 't-oem-a', parents: ['std-r'] };
        hierarchy.addReport({ ...work, id: 'next', performed: '2025-12-05' });
        await replay(hierarchy, ledger, from);
        const suspension = { author: 'oem-a', effective: ledger.now, registered: ledger.now };
        await submit(ledger, hierarchy.addStatement('suspension', ['device', 'std'], suspension));
      });

      it('has its institute trusted, or the standard fails', async () => {
        await submit(ledger, hierarchy.transfer('std', 'buyer', { registered: ledger.now }));
        assert.match(await trusting('nmi-north', 'nmi-east'), /^FAILED: Device lab-alpha\/std is suspended/);
        await lift('buyer');
        assert.match(await trusting('nmi-north', 'nmi-east'), /^TRACEABLE/);
        assert.match(await trusting('nmi-north'), /^FAILED: The root certificate of nmi-east is not among/);
      });

      it('asks for the trust of nobody else if the seller itself lifted it before the sale', async () => {
        await lift('oem-a');
        await submit(ledger, hierarchy.transfer('std', 'buyer', { registered: ledger.now }));
        assert.match(await trusting('nmi-north'), /^TRACEABLE/);
      });
    });

    it('a sale does not break what the maker that owned a standard then had calibrated with it', async () => {
      const from = hierarchy.steps.length;
      await hierarchy.addDevice({ id: 'bought', technician: 't-lab-alpha', owner: 'oem-b' });
      const report = { id: 'bought-r', device: 'bought', technician: 't-oem-b', parents: ['working-b-r1'] };
      hierarchy.addReport({ ...report, performed: '2025-12-30', registered: later(ledger.now, 300) });
      const use = { id: 'use', device: 'sensor-b', technician: 't-oem-b', parents: ['bought-r'] };
      hierarchy.addReport({ ...use, performed: '2025-12-31', registered: later(ledger.now, 600) });
      await replay(hierarchy, ledger, from);
      assert.match(await outcome('lab-alpha/bought'), /^TRACEABLE/);
      ledger.now = later(ledger.now, 86_400);
      await submit(ledger, hierarchy.transfer('bought', 'lab-beta', { registered: ledger.now }));
      assert.match(await outcome('oem-b/sensor-b'), /^TRACEABLE/);
      // Its buyer relies on a calibration for which the maker has no accreditation.
      assert.match(await outcome('lab-alpha/bought'), /^INCOMPLETE: Organisation oem-b had no accreditation/);
    });

    it('a maker without accreditation does not calibrate for another one by owning the sensor for two minutes', async () => {
      const handOver = async (to: string) => {
        ledger.now = later(ledger.now, 60);
        await submit(ledger, hierarchy.transfer('sensor-b', to, { registered: ledger.now }));
        ledger.now = later(ledger.now, 60);
      };
      await handOver('oem-a');
      const report = { id: 'lent', device: 'sensor-b', technician: 't-oem-a', parents: ['working-a-r1'] };
      await submit(ledger, hierarchy.addReport({ ...report, performed: '2026-01-01', date: ledger.now }));
      assert.match(await outcome('oem-b/sensor-b'), /^TRACEABLE/);
      await handOver('oem-b');
      assert.match(await outcome('oem-b/sensor-b'), /^INCOMPLETE: Organisation oem-a had no accreditation/);
      const { reason } = await hierarchy.trace('sensor-b', { asOf: ledger.now });
      assert.match(reason, /^Organisation oem-a had no accreditation/);
    });

    it('a seller does not leave the buyer a device that only the seller could free again', async () => {
      await submit(
        ledger,
        await hierarchy.addDevice({ id: 'sold', technician: 't-lab-alpha', kind: 'field', owner: 'oem-b' }),
      );
      const device = ['device', 'sold'] as const;
      await submit(ledger, hierarchy.addStatement('suspension', device, { author: 'oem-b' }));
      await submit(ledger, hierarchy.transfer('sold', 'nmi-east'));
      const lift = { lifts: 'oem-b', effective: ledger.now, registered: ledger.now };
      const stranger = hierarchy.addStatement('reinstatement', device, { ...lift, author: 'oem-a' });
      await refuses(submit(ledger, stranger), 'NOT_AUTHORISED', /oem-a has no say/);
      await submit(ledger, hierarchy.addStatement('reinstatement', device, { ...lift, author: 'nmi-east' }));
      const { impediments } = await ask<DeviceAnswer>(ledger, 'getDevice', 'lab-alpha/sold');
      assert.deepEqual(
        impediments.map(({ by, until }) => [by, until]),
        [['oem-b', lift.effective]],
      );
    });
  });

  describe('about laboratories', () => {
    it('a reduction stays when the officer who signed it falls', async () => {
      await submit(ledger, await hierarchy.addOfficer({ id: 'second', organisation: 'nmi-north' }));
      const signers = ['officer:nmi-north/second'];
      const days = async () => {
        const { lines } = await ask<OrganisationAnswer>(ledger, 'getOrganisation', 'lab-alpha');
        return lines.map(({ scope }) => scope.validTo);
      };
      await submit(ledger, hierarchy.reduce('lab-alpha', { validTo: '2025-01-01', signers }));
      const before = await days();
      assert.deepEqual(before, ['2026-01-01', '2026-01-01']);
      await revokeOfficer('nmi-north/second', 'nmi-north');
      assert.deepEqual(await days(), before);
    });

    for (const days of [30, 100]) {
      it(`work within a suspension is not registered ${days} days later`, async () => {
        const subject = ['organisation', 'lab-alpha'] as const;
        const [since, until] = ['2026-01-02T00:00:00Z', '2026-01-20T00:00:00Z'];
        for (const [kind, at] of [
          ['suspension', since],
          ['reinstatement', until],
        ] as const) {
          ledger.now = at;
          await submit(ledger, hierarchy.addStatement(kind, subject, { effective: at, registered: at }));
        }
        ledger.now = later('2026-01-10T12:00:00Z', days * 86_400);
        const report = { id: 'late', device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
        const late = hierarchy.draft({ ...report, performed: '2026-01-10', registered: ledger.now });
        await refuses(submit(ledger, late), 'STANDING_INVALID', /lab-alpha was suspended from 2026-01-02/);
      });
    }

    it('a technician who leaves in the evening takes nothing back that was registered in the morning', async () => {
      ledger.now = '2026-01-05T10:00:00Z';
      const report = { id: 'morning', device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
      await submit(ledger, hierarchy.addReport({ ...report, performed: '2026-01-05', registered: ledger.now }));
      ledger.now = '2026-01-05T17:00:00Z';
      const leaving = { reason: 'cessation', effective: ledger.now, registered: ledger.now } as const;
      await submit(ledger, hierarchy.addStatement('revocation', ['person', 't-lab-alpha'], leaving));
      assert.match(await outcome('oem-a/working-a'), /^TRACEABLE/);
    });

    it('a laboratory does not keep those above from suspending by retiring what they look into', async () => {
      const now = { effective: ledger.now, registered: ledger.now };
      const retired = { ...now, reason: 'cessation' } as const;
      const technician = ['person', 't-lab-alpha'] as const;
      await submit(ledger, hierarchy.addStatement('revocation', technician, retired));
      await submit(ledger, hierarchy.addStatement('suspension', technician, { ...now, author: 'nmi-north' }));
      assert.match(await outcome(), /^FAILED: Technician lab-alpha\/t-lab-alpha is suspended .* by nmi-north/);
    });

    it('a laboratory does not keep those above from lifting a suspension by retiring what was suspended', async () => {
      const now = { effective: ledger.now, registered: ledger.now };
      const device = ['device', 'reference-a'] as const;
      await submit(ledger, hierarchy.addStatement('suspension', device, { ...now, author: 'nmi-north' }));
      await submit(ledger, hierarchy.addStatement('revocation', device, { ...now, reason: 'cessation' }));
      const lift = { ...now, author: 'nmi-north', effective: ledger.now };
      await submit(ledger, hierarchy.addStatement('reinstatement', device, lift));
      assert.match(await outcome(), /^TRACEABLE/);
    });
  });

  describe('by too much of it', () => {
    it('a device has no more to be read for being handed on among organisations that each have their own room', async () => {
      const device = { id: 'sold', technician: 't-lab-alpha', kind: 'field', owner: 'oem-b' } as const;
      await submit(ledger, await hierarchy.addDevice(device));
      for (const [count, to] of [
        [60, 'nmi-east'],
        [38, 'oem-a'],
      ] as const) {
        for (let place = 0; place < count; place += 1) {
          await submit(ledger, hierarchy.setInterval('sold', 100 + place, { registered: ledger.now }));
        }
        await submit(ledger, hierarchy.transfer('sold', to, { registered: ledger.now }));
      }
      const next = hierarchy.transfer('sold', 'oem-b', { by: 'oem-a', registered: ledger.now });
      await submit(ledger, next); // Whoever owns it anew has room of their own, and what they said before takes it up.
      await submit(ledger, hierarchy.setInterval('sold', 100, { registered: ledger.now }));
      const once = hierarchy.transfer('sold', 'lab-beta', { by: 'oem-b', registered: ledger.now });
      await refuses(submit(ledger, once), 'INPUT_INVALID', /sold would hold 103 statements of former owners/);
    });

    const spread = (count: number) => Array.from({ length: count }, (_, place) => (100 * place) / count);
    const wide = () => Array.from({ length: 4 }, () => temperatureResult(1, spread(1024)));

    /** Standards with eight results each, all of the same quantity. */
    const standards = async (count: number): Promise<readonly string[]> => {
      const from = hierarchy.steps.length;
      const ids = Array.from({ length: count }, (_, place) => `wide-${place}`);
      for (const id of ids) {
        await hierarchy.addDevice({ id, technician: 't-oem-a' });
        const report = { id: `${id}-r`, device: id, technician: 't-oem-a', parents: ['working-a-r1'] };
        const results = Array.from({ length: 8 }, () => temperatureResult(0.9));
        hierarchy.addReport({ ...report, results, performed: '2025-12-10', registered: ledger.now });
      }
      await replay(hierarchy, ledger, from);
      return ids.map((id) => `${id}-r`);
    };

    it('a report with more than a trace compares is not registered, where it would hide what fails', async () => {
      const parents = await standards(16);
      const report = { id: 'next', device: 'sensor-a', technician: 't-oem-a', performed: '2025-12-20' };
      const hiding = hierarchy.draft({ ...report, parents, results: wide() });
      await refuses(submit(ledger, hiding), 'INPUT_INVALID', /more results than one trace compares/);
      const [first = ''] = parents;
      await submit(ledger, hierarchy.draft({ ...report, parents: [first], results: [temperatureResult(1)] }));
    });

    it('a report does not claim fewer points than it has', async () => {
      const report = { id: 'next', device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
      const honest = hierarchy.draft({ ...report, performed: '2025-12-20' });
      const { body } = hierarchy.payload({ ...report, performed: '2025-12-20' });
      const results = body.results.map((digest) => ({ ...digest, rows: 1 }));
      const statement = hierarchy.changed(honest.statement, { body: { results } });
      const { results: beside = [] } = honest;
      await refuses(submit(ledger, { statement, results: beside }), 'INPUT_INVALID', /not those whose digests/);
    });

    it('many devices with much to compare are not asked about at once', async () => {
      const parents = await standards(2);
      const devices = Array.from({ length: 5 }, (_, place) => `big-${place}`);
      for (const id of devices) {
        await submit(ledger, await hierarchy.addDevice({ id, technician: 't-oem-a', kind: 'field' }));
        const report = { id: `${id}-r`, device: id, technician: 't-oem-a', parents, performed: '2025-12-20' };
        await submit(ledger, hierarchy.addReport({ ...report, results: wide(), registered: ledger.now }));
      }
      const many = (count: number) =>
        ask(ledger, 'traceMany', { devices: devices.slice(0, count).map((id) => `oem-a/${id}`) });
      await refuses(many(5), 'INPUT_INVALID', /ask about fewer devices at once/);
      await many(1);
    });
  });
});
