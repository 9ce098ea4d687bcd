import assert from 'node:assert/strict';
import type { EpochAnswer } from '@tracecal/core/contracts';
import { unsealedCountries } from '../../support/hierarchy.js';
import type { Hierarchy, Item, ReportSpec } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

const [TECHNICIAN, OFFICER] = ['technician:oem-a/t-oem-a', 'officer:oem-a/officer'];
const LATER = { asOf: '2025-12-01T00:00:00Z' };
const WORK = { device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
const RETURNS = /was replaced by a newer one and never counts again: make a new key/;

/** Who has a kind of key, how a further one is registered, and a report that somebody signs with the thief's copy of the old one. */
const HOLDERS = {
  technician: {
    signer: TECHNICIAN,
    renew: (hierarchy: Hierarchy, spec: object) =>
      hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a', ...spec }),
  },
  officer: {
    signer: OFFICER,
    renew: (hierarchy: Hierarchy, spec: object) =>
      hierarchy.addOfficer({ id: 'officer', organisation: 'oem-a', ...spec }),
  },
  'sensor maker': {
    signer: 'organisation:oem-a',
    renew: (hierarchy: Hierarchy, spec: object) => hierarchy.renewKey('oem-a', spec),
  },
  institute: {
    signer: 'organisation:nmi-north',
    renew: (hierarchy: Hierarchy, spec: object) => hierarchy.renewKey('nmi-north', spec),
  },
  standard: {
    signer: 'device:oem-a/working-a',
    renew: (hierarchy: Hierarchy, spec: object) => hierarchy.renewDevice('working-a', spec),
  },
};

describe('A key that a newer one has replaced never counts again', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await unsealedCountries();
    await hierarchy.addOfficer({ id: 'second', organisation: 'oem-a' });
    // Whoever holds this device holds a copy of the key.
    await hierarchy.addOrganisation({ id: 'thief', kind: 'OEM', certifiedBy: 'lab-beta' });
    await hierarchy.addTechnician({ id: 't-thief', organisation: 'thief' });
  });

  const now = () => ({ registered: ledger.now });
  const steal = (signer: string) => hierarchy.addDevice({ id: 'copy', technician: 't-thief', sameKeyAs: signer });
  const begin = async () => {
    ledger = await registryOf(hierarchy);
    ledger.now = '2025-02-01T10:00:00Z';
  };
  const nextEpoch = async (day: string) => {
    const { number } = await ask<EpochAnswer>(ledger, 'getEpoch', '');
    ledger.now = `${day}T09:00:00Z`;
    await submit(ledger, hierarchy.seal(ledger.now, { institute: 'nmi-north', number }));
    ledger.now = `${day}T10:00:00Z`;
  };
  const outcome = async (device = 'oem-a/sensor-a') => {
    const { status, reason } = await ask<{ status: string; reason: string }>(ledger, 'traceCal', device, LATER);
    return `${status}: ${reason}`;
  };
  const report = (id: string, spec: Partial<ReportSpec> = {}) => {
    const day = ledger.now.slice(0, 10);
    return hierarchy.addReport({ id, ...WORK, performed: day, issued: day, ...now(), ...spec });
  };
  const stolen = (signer: string) => `${signer}=device:thief/copy`;
  /** A certificate that was registered before, once more. */
  const again = ({ statement, ...first }: Item, signers: readonly string[], number: number): Item => ({
    ...first,
    statement: hierarchy.changed(statement, { number, date: ledger.now }, signers),
  });

  for (const [name, { signer, renew }] of Object.entries(HOLDERS)) {
    describe(`of ${name === 'officer' || name === 'institute' ? 'an' : 'a'} ${name}`, () => {
      let first: Item;

      beforeEach(async () => {
        const [kind = '', id = ''] = signer.split(':');
        const { certificate } = hierarchy.holder(kind as 'device', id);
        const found = hierarchy.steps.find(({ item }) => item.certificate === certificate)?.item;
        first = found ?? { statement: hierarchy.organisations.get(id)!.memberships[0]!.jws, certificate };
        await begin();
        await steal(signer);
        await submit(ledger, await renew(hierarchy, now()));
        await nextEpoch('2025-02-02');
      });

      it('by another certificate for it', async () => {
        const item = await renew(hierarchy, { sameKeyAs: 'device:thief/copy', ...now() });
        await refuses(submit(ledger, item), 'CERTIFICATE_INVALID', RETURNS);
      });

      it('by the same certificate', async () => {
        const { statement } = await renew(hierarchy, now());
        const signers = hierarchy.changed(statement, {}).signatures.map(({ protected: header }) => {
          const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
          return kid === signer ? stolen(signer) : kid;
        });
        await refuses(submit(ledger, again(first, signers, 9)), 'CERTIFICATE_INVALID', RETURNS);
      });
    });
  }

  describe('in records that hold it', () => {
    /** As a registry of an earlier version has taken it in. */
    const taken = async (spec: { readonly sameKeyAs?: string; readonly registered: string }, sealed: string) => {
      await hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a', ...spec });
      hierarchy.seal(sealed);
    };
    const status = async (device = 'sensor-a') => (await hierarchy.trace(device)).status;

    beforeEach(async () => {
      await steal(TECHNICIAN);
      await taken({ registered: '2025-02-01T00:00:00Z' }, '2025-02-02T00:00:00Z');
      await taken({ sameKeyAs: 'device:thief/copy', registered: '2025-03-01T00:00:00Z' }, '2025-03-02T00:00:00Z');
    });

    it('what it signs after that has no valid signature', async () => {
      hierarchy.addReport({ id: 'forged', ...WORK, performed: '2025-06-01' });
      assert.equal(await status(), 'FAILED');
    });

    it('what it had signed before it was replaced stays', async () => {
      assert.equal(await status(), 'TRACEABLE');
    });
  });

  describe('when its certificate is vouched for anew, because the officer who had vouched for it fell,', () => {
    const old = ['technician:oem-a/t-two', 'officer:oem-a/second'];
    const two = { id: 't-two', organisation: 'oem-a' };
    let first: Item;

    beforeEach(async () => {
      first = await hierarchy.addTechnician({ ...two, signers: old });
      await begin();
      await steal('technician:oem-a/t-two');
      await submit(ledger, report('by-two', { technician: 't-two' }));
      await nextEpoch('2025-02-02');
      await submit(ledger, await hierarchy.addTechnician({ ...two, ...now() }));
      await nextEpoch('2025-02-03');
      const fraud = { reason: 'fraud', effective: '2025-01-01T00:00:00Z', signers: ['officer:oem-a/officer'] } as const;
      await submit(ledger, hierarchy.addStatement('revocation', ['person', 'oem-a/second'], { ...fraud, ...now() }));
    });

    const restore = () => submit(ledger, again(first, [stolen('technician:oem-a/t-two'), 'officer:oem-a/officer'], 3));

    it('what it had signed until it was replaced counts, as before', async () => {
      assert.match(await outcome(), /^FAILED/);
      await restore();
      assert.match(await outcome(), /^TRACEABLE/);
      await nextEpoch('2025-02-04');
      assert.match(await outcome(), /^TRACEABLE/);
    });

    it('it signs nothing more, and the newer key stays in force', async () => {
      await restore();
      for (const day of ['2025-02-04', '2025-02-05']) {
        const signers = [stolen('technician:oem-a/t-two'), 'device:oem-a/working-a'];
        const forged = hierarchy.draft({
          id: `f-${day}`,
          ...WORK,
          technician: 't-two',
          performed: day,
          ...now(),
          signers,
        });
        await refuses(submit(ledger, forged), 'SIGNATURE_INVALID', /signature of technician oem-a\/t-two/);
        await nextEpoch(day);
      }
      await submit(ledger, report('next', { technician: 't-two' }));
      assert.match(await outcome(), /^TRACEABLE/);
    });

    it('nobody needs to do it twice', async () => {
      await restore();
      const twice = again(first, [stolen('technician:oem-a/t-two'), 'officer:oem-a/officer'], 4);
      await refuses(submit(ledger, twice), 'CERTIFICATE_INVALID', RETURNS);
    });
  });

  it('a replaced key of an officer carries no new key of an institute over', async () => {
    await steal('officer:nmi-north/officer');
    await hierarchy.addOfficer({ id: 'officer', organisation: 'nmi-north', registered: '2025-02-01T00:00:00Z' });
    hierarchy.seal('2025-02-02T00:00:00Z');
    const before = (await hierarchy.trace('sensor-a')).roots;
    const signers = ['organisation:nmi-north', 'officer:nmi-north/officer=device:thief/copy'];
    await hierarchy.renewKey('nmi-north', { registered: '2025-03-01T00:00:00Z', signers });
    const { roots, status } = await hierarchy.trace('sensor-a');
    assert.notEqual(status, 'TRACEABLE');
    assert.ok(roots.every(({ sha256 }) => before.some((root) => root.sha256 === sha256)));
  });
});
