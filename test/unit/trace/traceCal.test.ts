import assert from 'node:assert/strict';
import type { AccreditationLine } from '@tracecal/core/model';
import { MAX_LEVELS, traceInHindsight, traceOptions } from '@tracecal/core/trace';
import type { CheckName, Verdict } from '@tracecal/core/trace';
import {
  AS_OF,
  cmcOf,
  Hierarchy,
  later,
  massScope,
  paperParent,
  temperatureResult,
  temperatureScope,
  twoCountries,
} from '../../support/hierarchy.js';

describe('traceCal', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  const verdictOf = (options: Readonly<Record<string, unknown>> = {}, device = 'sensor-a'): Promise<Verdict> =>
    hierarchy.trace(device, options);

  /** The trace fails, and this check says why in these words. */
  const fails = async (check: CheckName, reason: RegExp, options = {}, device = 'sensor-a') => {
    const verdict = await verdictOf(options, device);
    const found = [...verdict.findings, ...verdict.edges.flatMap(({ findings }) => findings)].filter(
      ({ outcome }) => outcome === 'failed',
    );
    assert.equal(verdict.status, 'FAILED');
    assert.ok(
      found.some((finding) => finding.check === check && reason.test(finding.reason)),
      `expected ${check} to fail, but: ${JSON.stringify(found)}`,
    );
    for (const finding of found) {
      assert.match(finding.reason, /^[A-Z].*\.$/s, 'a reason is a sentence');
    }
    return verdict;
  };

  describe('of a sound hierarchy', () => {
    it('follows a field sensor over factory and laboratory to the National Metrology Institute', async () => {
      const verdict = await verdictOf();
      assert.equal(verdict.status, 'TRACEABLE');
      assert.equal(verdict.reason, 'Traces over 4 levels to nmi-north.');
      assert.deepEqual(
        verdict.roots.map(({ organisation }) => organisation),
        ['nmi-north'],
      );
      assert.deepEqual(
        verdict.edges.map(({ level, child, report, device, organisation, outcome }) => [
          level,
          child,
          report,
          device,
          organisation,
          outcome,
        ]),
        [
          [1, null, 'oem-a/sensor-a-r1', 'oem-a/sensor-a', 'oem-a', 'sound'],
          [2, 'oem-a/sensor-a-r1', 'lab-alpha/working-a-r1', 'oem-a/working-a', 'lab-alpha', 'sound'],
          [3, 'lab-alpha/working-a-r1', 'nmi-north/reference-a-r1', 'lab-alpha/reference-a', 'nmi-north', 'sound'],
          [4, 'nmi-north/reference-a-r1', 'nmi-north/primary-a-r1', 'nmi-north/primary-a', 'nmi-north', 'sound'],
        ],
      );
    });

    it('names the newest heartbeat of the root, and the epoch that it is about', async () => {
      const digest = 'd'.repeat(64);
      hierarchy.addHeartbeat('nmi-north', { digest });
      const { heartbeats } = await verdictOf();
      assert.deepEqual(heartbeats, [{ institute: 'nmi-north', epoch: 0, digest, time: '2026-01-01T00:00:00Z' }]);
    });

    it('asks every parent: two institutes side by side are two roots', async () => {
      hierarchy.addReport({
        id: 'both',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['working-a-r1', 'working-b-r1'],
        performed: '2025-06-01',
      });
      const { status, roots } = await verdictOf();
      const institutes = roots.map(({ organisation }) => organisation);
      assert.deepEqual([status, institutes], ['TRACEABLE', ['nmi-north', 'nmi-south']]);
    });

    it('walks a report that is reached twice once, but holds every reliance on it against the checks', async () => {
      await hierarchy.addDevice({ id: 'second', technician: 't-lab-alpha' });
      hierarchy.addReport({
        id: 'second-r1',
        device: 'second',
        technician: 't-lab-alpha',
        parents: ['reference-a-r1'],
      });
      hierarchy.addReport({
        id: 'diamond',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['working-a-r1', 'second-r1'],
        performed: '2025-06-01',
      });
      const { status, edges, levels } = await verdictOf();
      assert.deepEqual([status, levels], ['TRACEABLE', 4]);
      assert.deepEqual(
        edges.map(({ report }) => report),
        [
          'oem-a/diamond',
          'lab-alpha/working-a-r1',
          'nmi-north/reference-a-r1',
          'nmi-north/primary-a-r1',
          'lab-alpha/second-r1',
          'nmi-north/reference-a-r1',
        ],
      );
    });

    it('relies on the report that the owner accepted last, of those made by the moment asked about', async () => {
      hierarchy.addReport({
        id: 'newer',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['working-a-r1'],
        performed: '2025-06-01',
      });
      assert.equal((await verdictOf()).edges[0]?.report, 'oem-a/newer');
      assert.equal((await verdictOf({ asOf: '2025-05-31T23:59:59Z' })).edges[0]?.report, 'oem-a/sensor-a-r1');
    });

    it('continues from the amended report, and reports that', async () => {
      hierarchy.addReport({
        id: 'reference-a-r2',
        device: 'reference-a',
        technician: 't-nmi-north',
        parents: ['primary-a-r1'],
        supersedes: 'reference-a-r1',
      });
      const { status, edges } = await verdictOf();
      assert.equal(status, 'TRACEABLE');
      assert.equal(edges[2]?.amendedBy, 'nmi-north/reference-a-r2');
      assert.match(
        edges[2].findings[0]?.reason ?? '',
        /reference-a-r1 was amended: report nmi-north\/reference-a-r2 counts/,
      );
    });
  });

  describe('of what is not there', () => {
    it('fails for a device that nobody registered', async () => {
      await fails('registered', /No device sensor-x is registered/, {}, 'sensor-x');
      await hierarchy.addDevice({ id: 'late', technician: 't-oem-a', registered: '2025-06-01T00:00:00Z' });
      const early = await verdictOf({ knownAt: '2025-05-31T00:00:00Z' }, 'late');
      assert.deepEqual(
        [early.status, early.reason],
        ['INCOMPLETE', 'The ledger did not hold device oem-a/late yet on 2025-05-31T00:00:00Z.'],
      );
    });

    it('is INCOMPLETE for a device without a report', async () => {
      await hierarchy.addDevice({ id: 'new', technician: 't-oem-a', kind: 'field' });
      assert.equal((await verdictOf({}, 'new')).status, 'INCOMPLETE');
    });

    it('is INCOMPLETE where a parent is missing, never TRACEABLE', async () => {
      hierarchy.devices.delete('lab-alpha/reference-a');
      const { status, reason } = await verdictOf();
      assert.deepEqual(
        [status, reason],
        ['INCOMPLETE', 'Report nmi-north/reference-a-r1 of device lab-alpha/reference-a is not registered.'],
      );
    });

    it('is INCOMPLETE where a digital certificate is not registered', async () => {
      const parents = [{ kind: 'external', certificate: 'DCC-7', equipment: 'Pt25' } as const];
      hierarchy.addReport({ id: 'r2', device: 'sensor-a', technician: 't-oem-a', parents, performed: '2025-06-01' });
      assert.equal((await verdictOf()).status, 'INCOMPLETE');
    });

    it('is ATTESTED where a certificate is on paper', async () => {
      const parents = [paperParent('K-123')];
      hierarchy.addReport({ id: 'r2', device: 'sensor-a', technician: 't-oem-a', parents, performed: '2025-06-01' });
      const { status, reason } = await verdictOf();
      assert.equal(status, 'ATTESTED');
      assert.match(reason, /K-123 of Lab \(2024-11-01\) is on paper/);
    });
  });

  describe('of signatures', () => {
    const replaceSignatures = (report: string, signers: readonly string[]) => {
      hierarchy.changeReportJws(report, (jws) => hierarchy.changed(jws, {}, signers));
    };

    it("fails without the technician's", async () => {
      replaceSignatures('sensor-a-r1', ['device:working-a']);
      await fails('signatories', /not signed by technician:oem-a\/t-oem-a/);
    });

    it("fails without a parent device's", async () => {
      replaceSignatures('sensor-a-r1', ['technician:t-oem-a']);
      await fails('signatories', /not signed by device:oem-a\/working-a/);
    });

    it('fails with the same signature twice, or one more than asked for', async () => {
      replaceSignatures('sensor-a-r1', ['technician:t-oem-a', 'technician:t-oem-a', 'device:working-a']);
      await fails('technician-signature', /technician oem-a\/t-oem-a .* is not valid/);
      replaceSignatures('sensor-a-r1', ['technician:t-oem-a', 'device:working-a', 'device:working-b']);
      await fails('signatories', /neither its technician's nor a parent device's/);
    });

    it('fails if signatures are swapped between signers', async () => {
      const [technician, device] = hierarchy.recordOf('sensor-a-r1').statement.jws.signatures;
      const swapped = [
        { protected: technician!.protected, signature: device!.signature },
        { protected: device!.protected, signature: technician!.signature },
      ];
      hierarchy.changeReportJws('sensor-a-r1', (jws) => ({ ...jws, signatures: swapped }));
      await fails('parent-signature', /signature of standard oem-a\/working-a/);
    });

    it('fails for any other header: another algorithm, key hints, critical extensions', async () => {
      const { jws } = hierarchy.recordOf('sensor-a-r1').statement;
      for (const header of [
        { alg: 'none', kid: 'technician:oem-a/t-oem-a' },
        { alg: 'HS256', kid: 'technician:oem-a/t-oem-a' },
        { alg: 'es256', kid: 'technician:oem-a/t-oem-a' },
        { alg: 'ES256', jwk: {}, kid: 'technician:oem-a/t-oem-a' },
        { alg: 'ES256', b64: false, crit: ['b64'], kid: 'technician:oem-a/t-oem-a' },
        { kid: 'technician:oem-a/t-oem-a', alg: 'ES256' },
      ]) {
        const encoded = Buffer.from(JSON.stringify(header)).toString('base64url');
        const signatures = [{ ...jws.signatures[0]!, protected: encoded }, jws.signatures[1]!];
        hierarchy.changeReportJws('sensor-a-r1', () => ({ ...jws, signatures }));
        await fails('signatories', /is not signed by technician:oem-a\/t-oem-a/);
      }
    });

    it('fails for a signature of another length, DER, padding, or with a high s', async () => {
      const { jws } = hierarchy.recordOf('sensor-a-r1').statement;
      const [technician, device] = jws.signatures;
      const bytes = Buffer.from(technician!.signature, 'base64url');
      const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
      const high = (order - BigInt(`0x${bytes.subarray(32).toString('hex')}`)).toString(16).padStart(64, '0');
      for (const signature of [
        bytes.subarray(0, 63).toString('base64url'),
        Buffer.concat([bytes, Buffer.of(0)]).toString('base64url'),
        Buffer.concat([
          Buffer.from('30440220', 'hex'),
          bytes.subarray(0, 32),
          Buffer.from('0220', 'hex'),
          bytes.subarray(32),
        ]).toString('base64url'),
        Buffer.concat([bytes.subarray(0, 32), Buffer.from(high, 'hex')]).toString('base64url'),
        Buffer.alloc(64).toString('base64url'),
        `${technician!.signature}==`,
      ]) {
        const signatures = [{ ...technician!, signature }, device!];
        hierarchy.changeReportJws('sensor-a-r1', () => ({ ...jws, signatures }));
        await fails('technician-signature', /is not valid/);
      }
    });

    it('fails for a parent that is not the one the child names', async () => {
      hierarchy.changeReportJws('reference-a-r1', (jws) =>
        hierarchy.changed(jws, { body: { certificateSha256: 'a'.repeat(64) } }),
      );
      await fails('digest', /names report nmi-north\/reference-a-r1 with another digest/);
    });

    it('fails for a report that was signed for another registry', async () => {
      hierarchy.changeReportJws('sensor-a-r1', (jws) => hierarchy.changed(jws, { registry: 'other' }));
      await fails('payload', /signed for registry "other"/);
    });

    it('fails for a report that was signed for another registry of the same name', async () => {
      const another = `calibration:${'0'.repeat(64)}`;
      hierarchy.changeReportJws('sensor-a-r1', (jws) => hierarchy.changed(jws, { registry: another }));
      await fails('payload', /signed for registry "calibration:0+", not for "calibration:/);
    });

    it('finds no report where one stands that was signed for another device or id', async () => {
      const { jws } = hierarchy.recordOf('sensor-a-r1').statement;
      for (const change of [
        { subject: { kind: 'report', id: 'oem-a/other' } },
        { body: { device: 'oem-a/working-a' } },
      ]) {
        hierarchy.changeReportJws('sensor-a-r1', () => hierarchy.changed(jws, change));
        const { status, reason } = await verdictOf();
        assert.deepEqual(
          [status, reason],
          ['INCOMPLETE', 'Report oem-a/sensor-a-r1 is not a report of device oem-a/sensor-a.'],
        );
      }
    });

    it('fails for results that are not those that were signed', async () => {
      hierarchy.resultsOfReports.set('lab-alpha/working-a-r1', new Map([['temperature', [temperatureResult(1e-6)]]]));
      await fails('digest', /results of temperature of report lab-alpha\/working-a-r1 are not those that were signed/);
      hierarchy.resultsOfReports.delete('lab-alpha/working-a-r1');
      await fails('digest', /working-a-r1 are not those that were signed/);
    });
  });

  describe('of certification', () => {
    /** What the organisation and whoever certifies it then have signed instead. */
    const changeMembership = (id: string, body: object) => {
      hierarchy.changeOrganisation(id, (old) => ({
        ...old,
        memberships: old.memberships.map((entry) => ({ ...entry, jws: hierarchy.changed(entry.jws, { body }) })),
      }));
    };

    it('fails for a technician that the organisation has not certified', async () => {
      hierarchy.people.delete('oem-a/t-oem-a');
      await fails('technician-signature', /Technician oem-a\/t-oem-a, who signed .*, is not registered/);
      await hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a', signers: ['technician:oem-a/t-oem-a'] });
      await fails('technician-certified', /oem-a has not authorised oem-a\/t-oem-a/);
    });

    it("fails for a technician's certificate of another organisation", async () => {
      await hierarchy.addTechnician({ id: 't-stranger', organisation: 'oem-a', certifiedBy: 'oem-b' });
      hierarchy.addReport({
        id: 'r2',
        device: 'sensor-a',
        technician: 't-stranger',
        parents: ['working-a-r1'],
        performed: '2025-06-01',
      });
      await fails('technician-certified', /t-stranger was not issued by organisation oem-a/);
    });

    it('fails for a technician whose certificate had expired on the day of issue', async () => {
      await hierarchy.addTechnician({ id: 't-old', organisation: 'oem-a', valid: ['2020-01-01', '2025-05-31'] });
      hierarchy.addReport({
        id: 'r2',
        device: 'sensor-a',
        technician: 't-old',
        parents: ['working-a-r1'],
        performed: '2025-05-31',
        registered: '2025-05-31T12:00:00Z',
      });
      assert.equal((await verdictOf()).status, 'TRACEABLE', 'expired today, but valid when it was used');
      hierarchy.addReport({
        id: 'r3',
        device: 'sensor-a',
        technician: 't-old',
        parents: ['working-a-r1'],
        performed: '2025-06-01',
      });
      await fails('technician-certified', /t-old was not valid on 2025-06-01/);
    });

    it('fails for a report that an expired key dated back', async () => {
      const report = { device: 'sensor-a', parents: ['working-a-r1'], performed: '2025-05-31' };
      await hierarchy.addTechnician({ id: 't-old', organisation: 'oem-a', valid: ['2020-01-01', '2025-05-31'] });
      hierarchy.addReport({ ...report, id: 'r2', technician: 't-old', registered: '2025-06-01T12:00:00Z' });
      await fails('technician-certified', /t-old was not valid on 2025-06-01/);

      const valid = ['2020-01-01', '2025-05-31'] as const;
      await hierarchy.addOrganisation({ id: 'oem-old', kind: 'OEM', certifiedBy: 'lab-alpha', valid });
      await hierarchy.addTechnician({ id: 't-older', organisation: 'oem-old' });
      hierarchy.addReport({ ...report, id: 'r3', technician: 't-older', registered: '2025-06-01T12:00:00Z' });
      await fails('organisation-certified', /oem-old was not valid on 2025-06-01/);
    });

    it('fails for a report that a standard signed with an expired key, dating back', async () => {
      const valid = ['2020-01-01', '2025-05-31'] as const;
      await hierarchy.addDevice({ id: 'old', technician: 't-oem-a', valid });
      hierarchy.addReport({ id: 'old-r1', device: 'old', technician: 't-oem-a', parents: ['working-a-r1'] });
      const report = { device: 'sensor-a', technician: 't-oem-a', parents: ['old-r1'], performed: '2025-05-31' };
      hierarchy.addReport({ ...report, id: 'r2', registered: '2025-05-31T12:00:00Z' });
      assert.equal((await verdictOf()).status, 'TRACEABLE');
      hierarchy.addReport({ ...report, id: 'r3', registered: '2025-06-01T12:00:00Z' });
      await fails('device-certified', /old was not valid on 2025-06-01/);
    });

    it('fails for a quantity that the technician may not sign for', async () => {
      await hierarchy.addTechnician({ id: 't-mass', organisation: 'oem-a', quantities: ['mass'] });
      hierarchy.addReport({
        id: 'r2',
        device: 'sensor-a',
        technician: 't-mass',
        parents: ['working-a-r1'],
        performed: '2025-06-01',
      });
      await fails('technician-authorised', /t-mass may not sign for temperature/);
    });

    it('fails if the chain of organisations is broken, or does not end at an NMI', async () => {
      const lab = hierarchy.organisations.get('lab-alpha')!;
      hierarchy.organisations.delete('lab-alpha');
      await fails('organisation-certified', /lab-alpha is not registered/);
      hierarchy.organisations.set('lab-alpha', lab);
      for (const body of [{ certifier: null }, { certifier: null, kind: 'NMI' }, { certifier: 'lab-alpha' }]) {
        changeMembership('lab-alpha', body);
        await fails('organisation-certified', /lab-alpha (?:was not issued by|is not registered as its certifier)/);
      }
    });

    it("fails for an organisation's certificate that its certifier did not issue", async () => {
      changeMembership('lab-alpha', { certifier: 'nmi-south' });
      await fails('organisation-certified', /lab-alpha was not issued by nmi-south/);
    });

    it('fails for a device whose key no certified technician imprinted', async () => {
      await hierarchy.addDevice({ id: 'odd', technician: 't-oem-a', certifiedBy: 't-oem-b', kind: 'field' });
      hierarchy.addReport({ id: 'odd-r1', device: 'odd', technician: 't-oem-a', parents: ['working-a-r1'] });
      await fails('device-certified', /oem-a\/odd was not issued by technician oem-a\/t-oem-a/, {}, 'odd');
      const { certificate } = hierarchy.holder('device', 'working-b');
      hierarchy.changeDevice('working-a', (old) => ({
        ...old,
        imprints: old.imprints.map((imprint) => ({ ...imprint, certificate })),
      }));
      await fails('device-certified', /beside the statement about device oem-a\/working-a is not the one/);
    });

    it('fails for a device whose certificate has run out', async () => {
      await hierarchy.addDevice({
        id: 'old',
        technician: 't-oem-a',
        kind: 'field',
        valid: ['2020-01-01', '2025-12-31'],
      });
      hierarchy.addReport({ id: 'old-r1', device: 'old', technician: 't-oem-a', parents: ['working-a-r1'] });
      await fails('device-certified', /old was not valid on 2026-01-01/, {}, 'old');
    });

    it('fails for a certificate that is not one, without an exception', async () => {
      hierarchy.changePerson('t-lab-alpha', (old) => ({
        ...old,
        authorisations: old.authorisations.map((entry) => ({ ...entry, certificate: 'AAAA' })),
      }));
      await fails('technician-certified', /certificate cannot be read/);
    });
  });

  describe('of roots and standards', () => {
    it('is INCOMPLETE for a report without parents that is no NMI’s', async () => {
      hierarchy.addReport({ id: 'r2', device: 'sensor-a', technician: 't-oem-a', performed: '2025-06-01' });
      const { status, reason, roots } = await verdictOf();
      assert.deepEqual([status, roots], ['INCOMPLETE', []]);
      assert.match(reason, /oem-a\/r2, Temperature: No source of this kind of quantity supports the result/);
    });

    it("ends at an institute's report on anybody's device, within what the institutes granted it", async () => {
      const report = { id: 'r2', device: 'working-a', technician: 't-nmi-north', performed: '2025-06-01' };
      hierarchy.addReport(report);
      assert.equal((await verdictOf({}, 'working-a')).status, 'TRACEABLE');
      hierarchy.addReport({ ...report, results: [temperatureResult(0.0004)] });
      const better =
        /nmi-north\/r2 at 0 °C states a smaller uncertainty than the accreditation of nmi-north allows on 2025-06-01/;
      await fails('scope', better, {}, 'working-a');
      hierarchy.addReport({ ...report, results: [temperatureResult(0.00048)] });
      assert.equal((await verdictOf({}, 'working-a')).status, 'TRACEABLE', 'within rounding');
    });

    it('fails where a field device calibrates another', async () => {
      await hierarchy.addDevice({ id: 'probe', technician: 't-oem-a', kind: 'field' });
      hierarchy.addReport({ id: 'probe-r1', device: 'probe', technician: 't-oem-a', parents: ['sensor-a-r1'] });
      await fails('parent-standard', /rests on oem-a\/sensor-a, which is a field device/, {}, 'probe');
    });
  });

  describe('of standing', () => {
    const subjects = [
      ['report', 'reference-a-r1'],
      ['device', 'working-a'],
      ['person', 't-lab-alpha'],
      ['organisation', 'nmi-north'],
    ] as const;

    for (const [kind, id] of subjects) {
      it(`fails for every descendant once a ${kind} is revoked, from the effective date on`, async () => {
        hierarchy.addStatement('revocation', [kind, id], {
          author: 'nmi-north',
          reason: 'out-of-tolerance',
          effective: '2025-08-01T00:00:00Z',
        });
        await fails(
          'standing',
          new RegExp(`${id} is revoked since 2025-08-01T00:00:00Z by nmi-north \\(out-of-tolerance\\)`),
        );
        assert.equal((await verdictOf({ asOf: '2025-07-31T23:59:59Z' })).status, 'TRACEABLE');
        assert.equal((await verdictOf({}, 'sensor-b')).status, 'TRACEABLE', 'the other branch is untouched');
      });
    }

    describe('in hindsight, for what was done with the device earlier', () => {
      const before = '2025-07-31T23:59:59Z';
      const inHindsight = (asOf: string, device = 'sensor-a') =>
        traceInHindsight(hierarchy, hierarchy.idOf('device', device), traceOptions({ asOf }));

      for (const [kind, id] of subjects) {
        it(`fails also for moments before a ${kind} was revoked, where the reason reaches back`, async () => {
          const effective = '2025-08-01T00:00:00Z';
          hierarchy.addStatement('revocation', [kind, id], {
            author: 'nmi-north',
            reason: 'out-of-tolerance',
            effective,
          });
          const { status, reason } = await inHindsight(before);
          assert.equal(status, 'FAILED');
          assert.ok(reason.includes(`revoked since ${effective} by nmi-north (out-of-tolerance)`), reason);
          assert.equal((await verdictOf({ asOf: before })).status, 'TRACEABLE', 'as it stood then');
        });
      }

      it('fails also where whoever vouched for the technician had lost their key', async () => {
        const signers = ['officer:lab-alpha/officer', 'technician:lab-alpha/t-vouched'];
        await hierarchy.addTechnician({ id: 't-vouched', organisation: 'lab-alpha', signers });
        await hierarchy.addDevice({ id: 'vouched', technician: 't-lab-alpha', kind: 'standard' });
        hierarchy.addReport({ id: 'v-1', device: 'vouched', technician: 't-vouched', parents: ['reference-a-r1'] });
        assert.equal((await inHindsight(before, 'vouched')).status, 'TRACEABLE');
        hierarchy.addStatement('revocation', ['person', 'lab-alpha/officer'], {
          author: 'lab-alpha',
          reason: 'key-compromise',
          effective: '2025-08-01T00:00:00Z',
        });
        assert.equal((await verdictOf({}, 'vouched')).status, 'FAILED');
        assert.equal((await inHindsight(before, 'vouched')).status, 'FAILED');
        assert.equal((await verdictOf({ asOf: before }, 'vouched')).status, 'TRACEABLE', 'as it stood then');
      });

      it('is the same where nothing reaches back: a standard that was retired, a suspension that came later', async () => {
        const effective = '2025-08-01T00:00:00Z';
        hierarchy.addStatement('revocation', ['device', 'working-a'], { reason: 'cessation', effective });
        hierarchy.addStatement('suspension', ['organisation', 'lab-alpha'], {
          author: 'nmi-north',
          reason: 'unspecified',
          effective,
        });
        assert.deepEqual(await inHindsight(before), await verdictOf({ asOf: before }));
      });
    });

    it('leaves what was done before a cessation sound', async () => {
      hierarchy.addStatement('revocation', ['device', 'working-a'], {
        reason: 'cessation',
        effective: '2025-06-01T00:00:00Z',
      });
      assert.equal((await verdictOf()).status, 'TRACEABLE');
      hierarchy.addReport({
        id: 'r2',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['working-a-r1'],
        performed: '2025-06-02',
      });
      await fails('standing', /Device oem-a\/working-a is revoked .*cessation/);
    });

    it('fails while something is suspended, and holds again once it is reinstated', async () => {
      hierarchy.addStatement('suspension', ['device', 'reference-a']);
      await fails('standing', /reference-a is suspended/);
      hierarchy.addStatement('reinstatement', ['device', 'reference-a'], { effective: later(AS_OF, -60) });
      assert.equal((await verdictOf()).status, 'TRACEABLE');
    });

    it('does not let a reinstatement undo a revocation', async () => {
      hierarchy.addStatement('revocation', ['device', 'reference-a']);
      hierarchy.addStatement('reinstatement', ['device', 'reference-a']);
      await fails('standing', /reference-a is revoked/);
    });
  });

  describe('of dates', () => {
    it('fails where a standard was calibrated after it calibrated others', async () => {
      hierarchy.addReport({
        id: 'r2',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['working-a-r1'],
        performed: '2025-01-01',
      });
      await fails('chronology', /began on 2025-01-01, before its parent lab-alpha\/working-a-r1/, {
        asOf: '2025-01-05T00:00:00Z',
      });
    });

    it('fails for a report that was dated after the ledger took it in', async () => {
      hierarchy.addReport({
        id: 'r2',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['working-a-r1'],
        performed: '2025-06-01',
        issued: '2025-12-03',
        registered: '2025-12-01T00:00:00Z',
      });
      await fails('chronology', /is dated 2025-12-03, but was registered on 2025-12-01/);
    });

    it('is ATTESTED for a report that was registered only after the moment asked about', async () => {
      hierarchy.addReport({
        id: 'r2',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['working-a-r1'],
        performed: '2025-06-01',
        registered: '2025-08-01T00:00:00Z',
      });
      const verdict = await verdictOf({ asOf: '2025-07-01T00:00:00Z' });
      assert.equal(verdict.status, 'ATTESTED');
      assert.match(verdict.reason, /registered on 2025-08-01.* after the moment asked about/);
      assert.equal((await verdictOf()).status, 'TRACEABLE');
    });

    it("fails when the owner's recalibration interval is over, for the device and for its standards", async () => {
      await fails('interval', /recalibration of oem-a\/sensor-a was due on 2025-02-12/, { intervalDays: 30 });
      await hierarchy.addDevice({ id: 'lazy', technician: 't-oem-a', intervalDays: 10 });
      hierarchy.addReport({ id: 'lazy-r1', device: 'lazy', technician: 't-oem-a', parents: ['working-a-r1'] });
      hierarchy.addReport({
        id: 'r2',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['lazy-r1'],
        performed: '2025-03-01',
      });
      await fails('interval', /recalibration of oem-a\/lazy was due on .* was used on 2025-03-01/);
    });
  });

  describe('of metrology', () => {
    it('fails where a result claims to be better than the standard it was measured with', async () => {
      const results = [temperatureResult(0.0001)];
      hierarchy.addReport({
        id: 'r2',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['working-a-r1'],
        results,
        performed: '2025-06-01',
      });
      await fails('support', /oem-a\/r2, Temperature at 0 °C: u = 0.00005 °C is smaller than the references allow/);
    });

    it('compares standard uncertainties across units and coverage factors', async () => {
      const parent = hierarchy.resultsOf('working-a-r1')[0]!.rows[0]!.uncertainty!;
      const inKelvin = (expanded: number, coverageFactor: number) => [
        {
          name: 'Temperature',
          quantity: 'temperature',
          unit: '\\kelvin',
          rows: [{ value: 293.15, uncertainty: { expanded, coverageFactor, coverageProbability: null } }],
        },
      ];
      hierarchy.addReport({
        id: 'r2',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['working-a-r1'],
        results: inKelvin(parent.expanded / 2, 1),
        performed: '2025-06-01',
      });
      assert.equal((await verdictOf()).status, 'TRACEABLE');
      hierarchy.addReport({
        id: 'r3',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['working-a-r1'],
        results: inKelvin(parent.expanded, 3),
        performed: '2025-06-01',
      });
      await fails('support', /u = 0.00133 K is smaller than the references allow: at least 0.002 K/);
    });

    for (const [value, status] of [
      [102, 'TRACEABLE'],
      [102.1, 'INCOMPLETE'],
      [150, 'INCOMPLETE'],
    ] as const) {
      it(`is ${status} at ${value} °C with a standard that was calibrated up to 100 °C`, async () => {
        const report = { id: 'r2', device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
        hierarchy.addReport({ ...report, results: [temperatureResult(0.5, [0, value])], performed: '2025-06-01' });
        const verdict = await verdictOf();
        assert.equal(verdict.status, status);
        const open = new RegExp(`r2, Temperature at ${value} °C: No reference was calibrated at this place`);
        assert.equal(open.test(verdict.reason), status === 'INCOMPLETE', verdict.reason);
      });
    }

    const accredit = (scopes: readonly AccreditationLine[]) => {
      hierarchy.changeOrganisation('lab-alpha', (old) => ({ ...old, accreditations: [] }));
      if (scopes.length > 0) {
        hierarchy.accredit('lab-alpha', scopes);
      }
    };

    it('is INCOMPLETE outside the accreditation: quantity, range, date', async () => {
      for (const scopes of [
        [massScope()],
        [temperatureScope({ max: 50 })],
        [temperatureScope({ validTo: '2025-01-01' })],
        [],
      ]) {
        accredit(scopes);
        const { status, check, reason } = await verdictOf();
        assert.deepEqual([status, check], ['INCOMPLETE', 'scope']);
        assert.match(reason, /lab-alpha had no accreditation on 2025-01-12 that covers Temperature/);
      }
    });

    it('fails below the best uncertainty of the accreditation, but for rounding', async () => {
      const expanded = hierarchy.resultsOf('working-a-r1')[0]!.rows[0]!.uncertainty!.expanded;
      const better =
        /working-a-r1 at .* °C states a smaller uncertainty than the accreditation of lab-alpha allows on 2025-01-12/;
      for (const cmc of [cmcOf(1), cmcOf(0.0005, 1), cmcOf(expanded / 0.94)]) {
        accredit([temperatureScope({ cmc })]);
        await fails('scope', better);
      }
      accredit([temperatureScope({ cmc: cmcOf(expanded / 0.96) })]);
      assert.equal((await verdictOf()).status, 'TRACEABLE');
    });
  });

  describe('of its bounds', () => {
    it('fails for reports that depend on one another', async () => {
      await hierarchy.addDevice({ id: 'x', technician: 't-oem-a' });
      await hierarchy.addDevice({ id: 'y', technician: 't-oem-a' });
      hierarchy.addReport({ id: 'y-r', device: 'y', technician: 't-oem-a', parents: [] });
      hierarchy.addReport({ id: 'x-r', device: 'x', technician: 't-oem-a', parents: ['y-r'] });
      hierarchy.addReport({ id: 'y-r', device: 'y', technician: 't-oem-a', parents: ['x-r'] });
      await fails('limits', /rests on itself/, {}, 'x');
    });

    it(`follows ${MAX_LEVELS} levels and no more`, async () => {
      const deep = new Hierarchy();
      await deep.addOrganisation({ id: 'nmi-north', kind: 'NMI' });
      await deep.addTechnician({ id: 't-nmi-north', organisation: 'nmi-north' });
      const longest = await deep.addChain(MAX_LEVELS, 't-nmi-north', 'fits');
      const tooLong = await deep.addChain(MAX_LEVELS + 1, 't-nmi-north', 'long');
      const [fits, long] = [await deep.trace(longest), await deep.trace(tooLong)];
      assert.deepEqual([fits.status, fits.levels], ['TRACEABLE', MAX_LEVELS]);
      assert.equal(long.status, 'FAILED');
      assert.equal(long.reason, `The chain is longer than ${MAX_LEVELS} levels.`);
    });
  });

  describe('of a long chain that is reached by two ways', () => {
    it('counts the longer way, whichever is walked first', async () => {
      const deep = new Hierarchy();
      const technician = 't-nmi-north';
      await deep.addOrganisation({ id: 'nmi-north', kind: 'NMI' });
      await deep.addTechnician({ id: technician, organisation: 'nmi-north' });
      await deep.addChain(MAX_LEVELS - 1, technician, 'tail');
      const [near, far] = ['tail-2-r', 'detour-r'];
      await deep.addDevice({ id: 'detour-2', technician });
      await deep.addDevice({ id: 'detour', technician });
      await deep.addDevice({ id: 'end', technician, kind: 'field' });
      deep.addReport({ id: 'detour-2-r', device: 'detour-2', technician, parents: [near] });
      deep.addReport({ id: far, device: 'detour', technician, parents: ['detour-2-r'] });
      deep.addReport({ id: 'end-r', device: 'end', technician, parents: [near, far] });
      assert.equal((await deep.trace('end')).reason, `The chain is longer than ${MAX_LEVELS} levels.`);
    });
  });

  describe('of freshness', () => {
    const freshness = (now: string, maxAgeSeconds: number) => ({ freshness: { now, maxAgeSeconds } });

    it('holds while the newest heartbeat is no older than the verifier accepts', async () => {
      assert.equal((await verdictOf(freshness(AS_OF, 43_200))).status, 'TRACEABLE');
      await fails(
        'freshness',
        /newest heartbeat seen is from 2026-01-01T00:00:00Z; the question asks for one from .*00:00:01Z or later/,
        freshness(AS_OF, 43_199),
      );
    });

    describe('that counts the institutes that the asker trusts', () => {
      const trusting = (heartbeats: number, ...institutes: readonly string[]) => ({
        ...freshness(AS_OF, 43_200),
        heartbeats,
        roots: institutes.map((id) => hierarchy.holder('organisation', id).certificateSha256),
      });
      const ALL = ['nmi-north', 'nmi-south', 'nmi-east'] as const;
      const OLD = { date: '2025-12-31T23:59:59Z' };

      it('holds with as many recent heartbeats as it asks for, wherever the calibrations end', async () => {
        const { status, findings, heartbeats } = await verdictOf(trusting(3, ...ALL));
        assert.equal(status, 'TRACEABLE');
        assert.deepEqual(heartbeats.map(({ institute }) => institute).sort(), [...ALL].sort());
        assert.deepEqual(
          findings.map(({ check, outcome }) => [check, outcome]),
          [['freshness', 'note']],
        );
        assert.match(
          findings[0]?.reason ?? '',
          /Of the 3 institutes that the question trusts, 3 gave .*; the question asks for 3/,
        );
      });

      it('fails with one fewer: an old one, a forged one, a missing one, or one from an institute that the asker does not trust', async () => {
        await fails(
          'freshness',
          /Of the 1 institutes that the question trusts, 1 gave .* \(nmi-north\); the question asks for 2/,
          trusting(2, 'nmi-north'),
        );
        hierarchy.addHeartbeat('nmi-east', OLD);
        await fails(
          'freshness',
          /Of the 3 institutes that the question trusts, 2 gave .*; the question asks for 3/,
          trusting(3, ...ALL),
        );
        hierarchy.addHeartbeat('nmi-south', { signers: ['officer:nmi-east/officer'] });
        await fails(
          'freshness',
          /Of the 3 institutes that the question trusts, 1 gave .* \(nmi-north\); the question asks for 2/,
          trusting(2, ...ALL),
        );
        hierarchy.heartbeats.clear();
        await fails(
          'freshness',
          /Of the 3 institutes that the question trusts, 0 gave .* \(none\); the question asks for 1/,
          trusting(1, ...ALL),
        );
      });

      it('counts the old and the new root of one institute once, and says that no answer could be yes', async () => {
        const before = trusting(2, 'nmi-north');
        await hierarchy.renewKey('nmi-north', { registered: '2025-12-20T00:00:00Z' });
        const roots = [...before.roots, ...trusting(2, 'nmi-north').roots];
        assert.equal(new Set(roots).size, 2);
        await fails('freshness', /Of the 1 institutes .*; the question asks for 2, more than there are/, {
          ...before,
          roots,
        });
      });

      it('does not need that of the root, if others are recent enough', async () => {
        hierarchy.addHeartbeat('nmi-north', OLD);
        assert.equal((await verdictOf(trusting(2, ...ALL))).status, 'TRACEABLE');
      });

      it('fails where two of them have signed different digests of one epoch', async () => {
        hierarchy.addHeartbeat('nmi-south', { digest: 'ab'.repeat(32) });
        await fails('freshness', /have signed different digests of epoch 0/, trusting(2, ...ALL));
      });

      it('is not asked without an age, nor without roots', async () => {
        hierarchy.heartbeats.clear();
        const { roots } = trusting(2, ...ALL);
        assert.equal((await verdictOf({ roots })).status, 'TRACEABLE');
        assert.throws(() => traceOptions({ asOf: AS_OF, heartbeats: 2 }), { code: 'INPUT_INVALID' });
        assert.throws(() => traceOptions({ asOf: AS_OF, heartbeats: 1, roots: ['0'.repeat(64)] }), {
          code: 'INPUT_INVALID',
          message: /state the age/,
        });
      });
    });

    it('does not count a heartbeat that was not validly signed', async () => {
      hierarchy.addHeartbeat('nmi-north', { signers: ['officer:nmi-south/officer'] });
      const verdict = await fails('freshness', /No heartbeat of its institutes was seen/, freshness(AS_OF, 43_200));
      assert.deepEqual(verdict.heartbeats, []);
    });
  });
});
