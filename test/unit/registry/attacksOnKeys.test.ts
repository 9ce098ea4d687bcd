import assert from 'node:assert/strict';
import type { StatementOf } from '@tracecal/core/model';
import { leafHash, merkleRoot, payloadDigest } from '@tracecal/core/signing';
import type { Verdict } from '@tracecal/core/trace';
import { keyHolder } from '../../support/calibrationKeys.js';
import type { KeyHolder } from '../../support/calibrationKeys.js';
import { later, readSigned, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, Item } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, RELAY, replay, submit } from '../../support/registry.js';
import { signedWith } from '../../support/signedWith.js';

describe('Keys under attack from within', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const trace = (device = 'oem-a/sensor-a', options = {}) => ask<Verdict>(ledger, 'traceCal', device, options);
  const next = { id: 'next', device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };

  describe('that were replaced because they were stolen', () => {
    /** An officer whom the thief of an old key makes up. */
    const thief = async (organisation: string, old: KeyHolder): Promise<Item> => {
      const id = `${organisation}/thief`;
      const own = await keyHolder({ role: 'officer', id, organisation, certifiedBy: old });
      const statement = hierarchy.statement('authorisation', {
        author: organisation,
        registered: ledger.now,
        subject: { kind: 'person', id },
        body: { role: 'officer', certificateSha256: own.certificateSha256, quantities: [] },
      });
      const jws = signedWith(statement, { [`officer:${id}`]: own, [`organisation:${organisation}`]: old });
      return { statement: jws, certificate: own.certificate };
    };

    for (const organisation of ['lab-alpha', 'nmi-north']) {
      it(`the old key of ${organisation} makes nobody its officer`, async () => {
        const old = hierarchy.holder('organisation', organisation);
        await submit(ledger, await hierarchy.renewKey(organisation, { registered: ledger.now }));
        const item = await thief(organisation, old);
        await refuses(submit(ledger, item), 'SIGNATURE_INVALID', /was replaced: sign with the new one/);
        assert.equal((await trace()).status, 'TRACEABLE');
      });
    }

    it('the old key of a technician signs no report any more, in the very same epoch', async () => {
      const old = hierarchy.holder('technician', 't-oem-a');
      const { statement, ...beside } = hierarchy.draft({ ...next, performed: '2025-12-20' });
      const renewal = await hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a', registered: ledger.now });
      await submit(ledger, renewal);
      const working = hierarchy.holder('device', 'working-a');
      const forged = signedWith(readSigned(statement), {
        'technician:oem-a/t-oem-a': old,
        'device:oem-a/working-a': working,
      });
      await refuses(submit(ledger, { ...beside, statement: forged }), 'SIGNATURE_INVALID', /t-oem-a/);
      await submit(ledger, hierarchy.draft({ ...next, performed: '2025-12-20' }));
    });

    it('the old key of a technician counts in no trace for what came after the new one', async () => {
      const old = hierarchy.holder('technician', 't-oem-a');
      const renewed = '2025-03-01T00:00:00Z';
      await hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a', registered: renewed });
      assert.equal((await hierarchy.trace('sensor-a')).status, 'TRACEABLE');
      // In the epoch of the renewal both keys count.
      hierarchy.seal('2025-03-02T00:00:00Z');
      const payload: StatementOf<'report'> = hierarchy.payload({ ...next, performed: '2025-06-01' });
      const working = hierarchy.holder('device', 'working-a');
      hierarchy.file(
        payload,
        signedWith(payload, { 'technician:oem-a/t-oem-a': old, 'device:oem-a/working-a': working }),
      );
      assert.match((await hierarchy.trace('sensor-a')).reason, /t-oem-a/);
      assert.equal((await hierarchy.trace('sensor-a')).status, 'FAILED');
    });
  });

  describe('of others', () => {
    it('a thief of an officer’s key, who has become the root of an institute with it, is ended by another officer', async () => {
      await submit(
        ledger,
        await hierarchy.addOfficer({ id: 'second', organisation: 'nmi-north', registered: ledger.now }),
      );
      const signers = ['organisation:nmi-north', 'officer:nmi-north/officer'];
      await submit(ledger, await hierarchy.renewKey('nmi-north', { registered: ledger.now, signers }));
      const roots = async () => (await trace()).roots;
      const [stolen] = await roots();
      const compromised = { reason: 'key-compromise', registered: ledger.now, effective: ledger.now } as const;
      const officer = ['person', 'nmi-north/officer'] as const;
      const bySecond = { ...compromised, signers: ['officer:nmi-north/second'] };
      await submit(ledger, hierarchy.addStatement('revocation', officer, bySecond));
      const [restored] = await roots();
      assert.notEqual(restored?.sha256, stolen?.sha256);
      const more = await hierarchy.addOfficer({ id: 'evil', organisation: 'nmi-north', registered: ledger.now });
      await refuses(submit(ledger, more), 'CERTIFICATE_INVALID', /was not issued by nmi-north/);
    });

    it('a certifier does not become an organisation by making a new key for it', async () => {
      const signers = ['organisation:oem-a', 'officer:lab-alpha/officer'];
      const taken = await hierarchy.renewKey('oem-a', { registered: ledger.now, signers });
      await refuses(submit(ledger, taken), 'SIGNATURE_INVALID', /not signed once by oem-a/);
      const certifierless = hierarchy.changed(taken.statement, {}, ['organisation:oem-a', 'officer:oem-a/officer']);
      await refuses(
        submit(ledger, { ...taken, statement: certifierless }),
        'NOT_AUTHORISED',
        /lab-alpha has not signed what organisation oem-a is/,
      );
      await submit(ledger, { ...taken, statement: hierarchy.changed(taken.statement, {}) });
    });

    it('an asker who trusts one root trusts no laboratory that only another root vouches for', async () => {
      const from = hierarchy.steps.length;
      await hierarchy.addOrganisation({ id: 'ghost', kind: 'LAB', certifiedBy: 'nmi-south' });
      await hierarchy.addTechnician({ id: 't-ghost', organisation: 'ghost' });
      await hierarchy.addDevice({ id: 'ghost-standard', technician: 't-ghost' });
      await hierarchy.addDevice({ id: 'ghost-sensor', technician: 't-ghost', kind: 'field' });
      const registered = later(ledger.now, 600);
      const standard = { id: 'ghost-1', device: 'ghost-standard', technician: 't-nmi-north' };
      hierarchy.addReport({ ...standard, parents: ['primary-a-r1'], performed: '2025-12-28', registered });
      const sensor = { id: 'ghost-2', device: 'ghost-sensor', technician: 't-ghost', parents: ['ghost-1'] };
      hierarchy.addReport({ ...sensor, performed: '2025-12-29', registered });
      await replay(hierarchy, ledger, from);
      const { institutes, roots } = await trace('ghost/ghost-sensor');
      assert.deepEqual(
        [roots.map(({ organisation }) => organisation), institutes.map(({ organisation }) => organisation)],
        [['nmi-north'], ['nmi-north', 'nmi-south']],
      );
      const north = roots.map(({ sha256 }) => sha256);
      const { status, reason } = await trace('ghost/ghost-sensor', { roots: north });
      assert.equal(status, 'FAILED');
      assert.match(reason, /root certificate of nmi-south is not among those/);
    });

    it('a membership that nobody has signed lends its certifier no say', async () => {
      const { jws, certificate, registered } = hierarchy.organisations.get('lab-alpha')!.memberships[0]!;
      const lent = hierarchy.changed(jws, { body: { certifier: 'lab-beta' } }, []);
      hierarchy.changeOrganisation('lab-alpha', (old) => ({
        ...old,
        memberships: [{ jws: lent, certificate, registered }, ...old.memberships],
      }));
      hierarchy.addStatement('suspension', ['device', 'reference-a'], { author: 'lab-beta' });
      const { edges } = await hierarchy.trace('sensor-a');
      const said = edges.flatMap(({ findings }) => findings).filter(({ reason }) => reason.includes('lab-beta'));
      assert.deepEqual(said, []);
    });

    it('an anchor over what nobody had signed yet dates no report', async () => {
      const report = hierarchy.draft({ ...next, performed: '2025-12-20' });
      const leaf = leafHash(payloadDigest(report.statement));
      const root = merkleRoot([leaf]);
      await ledger.submit(RELAY, 'anchor', root);
      const anchored = { ...report, anchor: { root, index: 0, size: 1, path: [] } };
      await refuses(submit(ledger, anchored), 'INPUT_INVALID', /the path does not lead/);
    });
  });
});
