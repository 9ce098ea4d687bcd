import assert from 'node:assert/strict';
import type { EpochAnswer, EpochDigestAnswer } from '@tracecal/core/contracts';
import type { Verdict } from '@tracecal/core/trace';
import { later, readSigned, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ImpedimentSpec } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, RELAY, submit } from '../../support/registry.js';
import { signedWith } from '../../support/signedWith.js';

/** A client chooses the time of its transactions: peers let it differ from theirs by 15 minutes. */
describe('The registry under attack by clocks', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const trace = (device = 'oem-a/sensor-a', options = {}) => ask<Verdict>(ledger, 'traceCal', device, options);
  const next = { id: 'next', device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
  const nextReport = () => hierarchy.draft({ ...next, performed: ledger.now.slice(0, 10), registered: ledger.now });

  const say = async (
    kind: 'revocation' | 'suspension',
    subject: readonly ['device' | 'person' | 'organisation', string],
    spec: ImpedimentSpec = {},
  ) => {
    const said = { registered: ledger.now, effective: ledger.now, ...spec };
    await submit(ledger, hierarchy.addStatement(kind, subject, said));
  };
  /** From now on the clients' clocks are ten minutes slow. */
  const dateBack = () => {
    ledger.now = later(ledger.now, -600);
  };
  const signersOfFall = ['officer:nmi-south/officer', 'officer:nmi-east/officer'];
  const fallOfNorth = () =>
    say('revocation', ['organisation', 'nmi-north'], {
      author: 'nmi-south',
      signers: signersOfFall,
      effective: '2025-06-01T00:00:00Z',
      reason: 'fraud',
    });

  describe('with a transaction that is dated before what the ledger holds already', () => {
    it('no officer transfers a device who was revoked before', async () => {
      await say('revocation', ['person', 'oem-a/officer'], {
        effective: '2025-06-01T00:00:00Z',
        reason: 'cessation',
        signers: ['organisation:oem-a'],
      });
      dateBack();
      const transfer = hierarchy.transfer('sensor-a', 'oem-b', { registered: ledger.now });
      await refuses(submit(ledger, transfer), 'NOT_AUTHORISED', /officer oem-a\/officer is revoked/);
    });

    it('no institute votes by an officer who was revoked before', async () => {
      await say('revocation', ['person', 'nmi-south/officer'], { signers: ['organisation:nmi-south'] });
      dateBack();
      const policy = hierarchy.setPolicy({ transcriptionDays: 1000 }, { registered: ledger.now });
      await refuses(submit(ledger, policy), 'SIGNATURE_INVALID', /majority/);
    });

    it('no institute seals, sets a policy or removes another after its own fall', async () => {
      await fallOfNorth();
      dateBack();
      const registered = ledger.now;
      const seal = hierarchy.seal(registered, { number: 1, institute: 'nmi-north' });
      await refuses(submit(ledger, seal), 'NOT_AUTHORISED', /nmi-north is not an institute/);
      const signers = ['officer:nmi-north/officer', 'officer:nmi-south/officer'];
      const policy = hierarchy.setPolicy({ transcriptionDays: 1000 }, { registered, signers });
      await refuses(submit(ledger, policy), 'NOT_AUTHORISED', /nmi-north is not an institute/);
      const fall = { author: 'nmi-south', signers: [...signers].reverse(), registered, effective: registered };
      const removal = hierarchy.addStatement('revocation', ['organisation', 'nmi-east'], fall);
      await refuses(submit(ledger, removal), 'SIGNATURE_INVALID', /majority/);
    });

    it('no technician reports with a key that was replaced before', async () => {
      const old = hierarchy.holder('technician', 't-oem-a');
      await submit(
        ledger,
        await hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a', registered: ledger.now }),
      );
      dateBack();
      const { statement, ...beside } = nextReport();
      const working = hierarchy.holder('device', 'working-a');
      const forged = signedWith(readSigned(statement), {
        'technician:oem-a/t-oem-a': old,
        'device:oem-a/working-a': working,
      });
      await refuses(submit(ledger, { ...beside, statement: forged }), 'SIGNATURE_INVALID', /key of technician:oem-a/);
    });

    it('no technician reports who left before', async () => {
      await say('revocation', ['person', 'oem-a/t-oem-a'], { reason: 'cessation' });
      dateBack();
      await refuses(submit(ledger, nextReport()), 'STANDING_INVALID', /Technician oem-a\/t-oem-a is revoked/);
    });

    it('no report rests on a standard that was retired before', async () => {
      await say('revocation', ['device', 'working-a'], { reason: 'cessation' });
      dateBack();
      await refuses(submit(ledger, nextReport()), 'PARENT_UNUSABLE', /Device oem-a\/working-a is revoked/);
    });

    it('no digest is anchored in the name of those who left in the same epoch', async () => {
      await say('revocation', ['person', 'oem-a/t-oem-a'], { reason: 'cessation' });
      dateBack();
      const report = nextReport();
      const { root, index, size, path } = hierarchy.anchorOf([report.statement], 0, ledger.now);
      await ledger.submit(RELAY, 'anchor', root);
      const anchored = { ...report, anchor: { root, index, size, path } };
      await refuses(submit(ledger, anchored), 'STANDING_INVALID', /Technician oem-a\/t-oem-a is revoked/);
    });

    it('no digest is anchored with a key that was replaced in the same epoch', async () => {
      const report = nextReport();
      await submit(
        ledger,
        await hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a', registered: ledger.now }),
      );
      dateBack();
      const { root, index, size, path } = hierarchy.anchorOf([report.statement], 0, ledger.now);
      await ledger.submit(RELAY, 'anchor', root);
      const anchored = { ...report, anchor: { root, index, size, path } };
      await refuses(submit(ledger, anchored), 'SIGNATURE_INVALID', /t-oem-a/);
    });

    it('what has nothing to do with it keeps its own date', async () => {
      await say('suspension', ['person', 't-oem-b']);
      dateBack();
      const registered = ledger.now;
      await submit(ledger, hierarchy.addReport({ ...next, performed: registered.slice(0, 10), registered }));
      assert.equal((await trace()).edges[0]?.registered, registered);
    });

    it('what rests on it is dated like it, and accepted', async () => {
      const later = ledger.now;
      await submit(ledger, hierarchy.addReport({ ...next, performed: later.slice(0, 10), registered: later }));
      dateBack();
      await submit(ledger, hierarchy.setInterval('sensor-a', 365, { registered: ledger.now }));
      const asked = await trace('oem-a/sensor-a', { asOf: later });
      assert.deepEqual([asked.status, asked.edges[0]?.report], ['TRACEABLE', 'oem-a/next']);
    });
  });

  describe('of one institute that is ahead of time', () => {
    const sealOf = (institute: string, number: number, date: string) =>
      submit(ledger, hierarchy.seal(date, { institute, number }));
    const openEpoch = async () => (await ask<EpochAnswer>(ledger, 'getEpoch', '')).number;
    /** Its client is as far ahead as peers allow, its seal as far as the registry does. */
    const sealAhead = async (institute = 'nmi-north') => {
      const { now } = ledger;
      ledger.now = later(now, 900);
      await sealOf(institute, await openEpoch(), later(ledger.now, 60));
      ledger.now = later(now, 60);
    };

    it('the others give heartbeats over its epoch by their own clocks', async () => {
      await sealAhead();
      const number = (await openEpoch()) - 1;
      const { digest } = await ask<EpochDigestAnswer>(ledger, 'getEpochDigest', String(number));
      await submit(ledger, hierarchy.addHeartbeat('nmi-south', { number, digest, date: ledger.now }));
    });

    it('the others seal by their own clocks, again and again, and date what follows by them', async () => {
      for (const round of [1, 2, 3]) {
        await sealAhead();
        const { now } = ledger;
        await sealOf('nmi-south', await openEpoch(), now);
        assert.equal((await ask<EpochAnswer>(ledger, 'getEpoch', '')).opened, now, `round ${round}`);
      }
    });

    it('it seals no more often than once a minute by its own dates, whoever seals in between', async () => {
      await sealAhead();
      await sealOf('nmi-south', await openEpoch(), ledger.now);
      ledger.now = later(ledger.now, 800);
      const again = sealOf('nmi-north', await openEpoch(), ledger.now);
      await refuses(again, 'TIME_INVALID', /nmi-north can seal it on .* or later/);
    });

    it('nobody seals or beats with dates further back than clocks may differ', async () => {
      await sealAhead();
      const old = later(ledger.now, -120);
      await refuses(sealOf('nmi-south', await openEpoch(), old), 'TIME_INVALID', /can seal it on .* or later/);
      const number = (await openEpoch()) - 1;
      const { digest } = await ask<EpochDigestAnswer>(ledger, 'getEpochDigest', String(number));
      const beat = hierarchy.addHeartbeat('nmi-south', { number, digest, date: old });
      await refuses(submit(ledger, beat), 'TIME_INVALID', /was sealed on/);
    });
  });
});
