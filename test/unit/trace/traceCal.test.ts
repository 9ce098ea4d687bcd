import assert from 'node:assert/strict';
import { signerName } from '@tracecal/chaincode/signing';
import { MAX_LEVELS } from '@tracecal/chaincode/trace';
import type { CheckName, Verdict } from '@tracecal/chaincode/trace';
import {
  AS_OF,
  Hierarchy,
  later,
  massScope,
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
      assert.deepEqual(verdict.roots, ['nmi-north']);
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
          [1, null, 'sensor-a-r1', 'sensor-a', 'oem-a', 'sound'],
          [2, 'sensor-a-r1', 'working-a-r1', 'working-a', 'lab-alpha', 'sound'],
          [3, 'working-a-r1', 'reference-a-r1', 'reference-a', 'nmi-north', 'sound'],
          [4, 'reference-a-r1', 'primary-a-r1', 'primary-a', 'nmi-north', 'sound'],
        ],
      );
    });

    it('names the newest heartbeat of the root', async () => {
      const { heartbeats } = await verdictOf();
      assert.deepEqual(heartbeats, [{ nmi: 'nmi-north', sequence: 1, time: '2026-01-01T00:00:00Z' }]);
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
      assert.deepEqual([status, roots], ['TRACEABLE', ['nmi-north', 'nmi-south']]);
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
        ['diamond', 'working-a-r1', 'reference-a-r1', 'primary-a-r1', 'second-r1', 'reference-a-r1'],
      );
    });

    it('relies on the newest report that had been made by the moment asked about', async () => {
      hierarchy.addReport({
        id: 'newer',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['working-a-r1'],
        performed: '2025-06-01',
      });
      assert.equal((await verdictOf()).edges[0]?.report, 'newer');
      assert.equal((await verdictOf({ asOf: '2025-05-31T23:59:59Z' })).edges[0]?.report, 'sensor-a-r1');
    });

    it('goes on from the amended report, and says so', async () => {
      hierarchy.addReport({
        id: 'reference-a-r2',
        device: 'reference-a',
        technician: 't-nmi-north',
        parents: ['primary-a-r1'],
        supersedes: 'reference-a-r1',
      });
      const { status, edges } = await verdictOf();
      assert.equal(status, 'TRACEABLE');
      assert.equal(edges[2]?.amendedBy, 'reference-a-r2');
      assert.match(edges[2].findings[0]?.reason ?? '', /reference-a-r1 was amended: report reference-a-r2 counts/);
    });

    it('says that signatures were left out, if they were', async () => {
      assert.equal((await verdictOf({ signatures: false })).signaturesChecked, false);
    });
  });

  describe('of what is not there', () => {
    it('fails for a device that nobody registered', async () => {
      await fails('registered', /No device sensor-x is registered/, {}, 'sensor-x');
    });

    it('is INCOMPLETE for a device without a report', async () => {
      await hierarchy.addDevice({ id: 'new', technician: 't-oem-a', kind: 'field' });
      assert.equal((await verdictOf({}, 'new')).status, 'INCOMPLETE');
    });

    it('is INCOMPLETE where a parent is missing, never TRACEABLE', async () => {
      hierarchy.devices.delete('reference-a');
      const { status, reason } = await verdictOf();
      assert.deepEqual(
        [status, reason],
        ['INCOMPLETE', 'Report reference-a-r1 of device reference-a is not registered.'],
      );
    });

    it('is INCOMPLETE where a digital certificate is not registered', async () => {
      const parents = [{ kind: 'external', certificate: 'DCC-7', sha256: null, equipment: 'Pt25' } as const];
      hierarchy.addReport({ id: 'r2', device: 'sensor-a', technician: 't-oem-a', parents, performed: '2025-06-01' });
      assert.equal((await verdictOf()).status, 'INCOMPLETE');
    });

    it('is ATTESTED where a certificate is on paper', async () => {
      const parents = [{ kind: 'paper', certificate: 'K-123', laboratory: 'Lab', equipment: 'Pt25' } as const];
      hierarchy.addReport({ id: 'r2', device: 'sensor-a', technician: 't-oem-a', parents, performed: '2025-06-01' });
      const { status, reason } = await verdictOf();
      assert.equal(status, 'ATTESTED');
      assert.match(reason, /K-123 is on paper/);
    });
  });

  describe('of signatures', () => {
    const replaceSignatures = (report: string, signers: readonly string[]) => {
      const jws = hierarchy.signAs(hierarchy.payloadOf(report), signers);
      hierarchy.changeReport(report, (old) => ({ ...old, jws }));
    };

    it("fails without the technician's", async () => {
      replaceSignatures('sensor-a-r1', [signerName('device', 'working-a')]);
      await fails('signatories', /not signed by technician:t-oem-a/);
    });

    it("fails without a parent device's", async () => {
      replaceSignatures('sensor-a-r1', [signerName('technician', 't-oem-a')]);
      await fails('signatories', /not signed by device:working-a/);
    });

    it('fails with the same signature twice, or one more than asked for', async () => {
      replaceSignatures('sensor-a-r1', ['technician:t-oem-a', 'technician:t-oem-a', 'device:working-a']);
      await fails('technician-signature', /technician t-oem-a .* is not valid/);
      replaceSignatures('sensor-a-r1', ['technician:t-oem-a', 'device:working-a', 'device:working-b']);
      await fails('signatories', /neither its technician's nor a parent device's/);
    });

    it('fails if signatures are swapped between signers', async () => {
      const jws = hierarchy.report('sensor-a-r1').jws;
      const [technician, device] = jws.signatures;
      const swapped = [
        { protected: technician!.protected, signature: device!.signature },
        { protected: device!.protected, signature: technician!.signature },
      ];
      hierarchy.changeReport('sensor-a-r1', (old) => ({ ...old, jws: { ...jws, signatures: swapped } }));
      await fails('parent-signature', /signature of standard working-a/);
    });

    it('fails for any other header: another algorithm, key hints, critical extensions', async () => {
      const { jws } = hierarchy.report('sensor-a-r1');
      for (const header of [
        { alg: 'none', kid: 'technician:t-oem-a' },
        { alg: 'HS256', kid: 'technician:t-oem-a' },
        { alg: 'es256', kid: 'technician:t-oem-a' },
        { alg: 'ES256', jwk: {}, kid: 'technician:t-oem-a' },
        { alg: 'ES256', b64: false, crit: ['b64'], kid: 'technician:t-oem-a' },
        { kid: 'technician:t-oem-a', alg: 'ES256' },
      ]) {
        const encoded = Buffer.from(JSON.stringify(header)).toString('base64url');
        const signatures = [{ ...jws.signatures[0]!, protected: encoded }, jws.signatures[1]!];
        hierarchy.changeReport('sensor-a-r1', (old) => ({ ...old, jws: { ...jws, signatures } }));
        await fails('signatories', /is not signed by technician:t-oem-a/);
      }
    });

    it('fails for a signature of another length, DER, padding, or with a high s', async () => {
      const { jws } = hierarchy.report('sensor-a-r1');
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
        hierarchy.changeReport('sensor-a-r1', (old) => ({ ...old, jws: { ...jws, signatures } }));
        await fails('technician-signature', /is not valid/);
      }
    });

    it('fails for a parent that is not the one the child names', async () => {
      const other = hierarchy.sign({ ...hierarchy.payloadOf('reference-a-r1'), certificateSha256: 'a'.repeat(64) });
      hierarchy.file({ ...hierarchy.payloadOf('reference-a-r1'), certificateSha256: 'a'.repeat(64) }, other);
      await fails('digest', /names report reference-a-r1 with another digest/);
    });

    it('fails for a report that was signed for another registry, device or id', async () => {
      const payload = hierarchy.payloadOf('sensor-a-r1');
      for (const [change, reason] of [
        [{ registry: 'other' }, /signed for registry "other"/],
        [{ report: 'other' }, /signed as "other"/],
        [{ device: 'working-a' }, /is of device "working-a"/],
      ] as const) {
        const jws = hierarchy.sign({ ...payload, ...change });
        hierarchy.changeReport('sensor-a-r1', (old) => ({ ...old, jws }));
        await fails('identity', reason);
      }
    });
  });

  describe('of certification', () => {
    it('fails for a technician whom the organisation has not certified', async () => {
      const file = hierarchy.organisations.get('oem-a')!;
      hierarchy.organisations.set('oem-a', { ...file, technicians: {} });
      await fails('technician-certified', /oem-a has not certified technician t-oem-a/);
    });

    it("fails for a technician's certificate of another organisation", async () => {
      const stranger = await hierarchy.addTechnician({ id: 't-stranger', organisation: 'oem-b' });
      const file = hierarchy.organisations.get('oem-a')!;
      const entry = hierarchy.organisations.get('oem-b')!.technicians['t-stranger']!;
      hierarchy.organisations.set('oem-a', { ...file, technicians: { ...file.technicians, 't-stranger': entry } });
      hierarchy.addReport({
        id: 'r2',
        device: 'sensor-a',
        technician: stranger.id,
        organisation: 'oem-a',
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

    it('fails where the chain of organisations breaks off, or ends at none but an NMI', async () => {
      const lab = hierarchy.organisations.get('lab-alpha')!;
      hierarchy.organisations.delete('lab-alpha');
      await fails('organisation-certified', /lab-alpha is not registered/);
      hierarchy.organisations.set('lab-alpha', { ...lab, organisation: { ...lab.organisation, certifiedBy: null } });
      await fails('organisation-certified', /lab-alpha stands at the top .* not a National Metrology Institute/);
    });

    it("fails for an organisation's certificate that its certifier did not issue", async () => {
      const lab = hierarchy.organisations.get('lab-alpha')!;
      const organisation = { ...lab.organisation, certifiedBy: 'nmi-south' };
      hierarchy.organisations.set('lab-alpha', { ...lab, organisation });
      await fails('organisation-certified', /lab-alpha was not issued by nmi-south/);
    });

    it('fails for a device whose key no certified technician imprinted', async () => {
      const file = hierarchy.devices.get('working-a')!;
      const { certificate } = hierarchy.devices.get('working-b')!.device;
      hierarchy.devices.set('working-a', { ...file, device: { ...file.device, certificate } });
      await fails('device-certified', /working-a was not issued by technician t-oem-a/);
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
      hierarchy.changeReport('working-a-r1', (old) => ({ ...old, technicianCertificate: 'AAAA' }));
      await fails('technician-certified', /CERTIFICATE_INVALID/);
    });
  });

  describe('of roots and standards', () => {
    it('fails for a report without parents that is no NMI’s', async () => {
      hierarchy.addReport({ id: 'r2', device: 'sensor-a', technician: 't-oem-a', performed: '2025-06-01' });
      await fails('root', /oem-a is not a National Metrology Institute/);
    });

    it('fails for a root that is not a standard of the NMI itself', async () => {
      hierarchy.addReport({ id: 'r2', device: 'working-a', technician: 't-nmi-north', performed: '2025-06-01' });
      await fails('root', /working-a is not a standard of nmi-north/, {}, 'working-a');
    });

    it('fails where a field device calibrates another', async () => {
      await hierarchy.addDevice({ id: 'probe', technician: 't-oem-a', kind: 'field' });
      hierarchy.addReport({ id: 'probe-r1', device: 'probe', technician: 't-oem-a', parents: ['sensor-a-r1'] });
      await fails('parent-standard', /rests on sensor-a, which is a field device/, {}, 'probe');
    });
  });

  describe('of standing', () => {
    const subjects = [
      ['report', 'reference-a-r1'],
      ['device', 'working-a'],
      ['technician', 't-lab-alpha'],
      ['organisation', 'nmi-north'],
    ] as const;

    for (const [kind, id] of subjects) {
      it(`fails for every descendant once a ${kind} is revoked, from the effective date on`, async () => {
        hierarchy.addStatement(kind, id, { reason: 'out-of-tolerance', effective: '2025-08-01T00:00:00Z' });
        await fails(
          'standing',
          new RegExp(`${id} is revoked since 2025-08-01T00:00:00Z by nmi-north \\(out-of-tolerance\\)`),
        );
        assert.equal((await verdictOf({ asOf: '2025-07-31T23:59:59Z' })).status, 'TRACEABLE');
        assert.equal((await verdictOf({}, 'sensor-b')).status, 'TRACEABLE', 'the other branch is untouched');
      });
    }

    it('leaves what was done before a cessation sound', async () => {
      hierarchy.addStatement('device', 'working-a', { reason: 'cessation', effective: '2025-06-01T00:00:00Z' });
      assert.equal((await verdictOf()).status, 'TRACEABLE');
      hierarchy.addReport({
        id: 'r2',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['working-a-r1'],
        performed: '2025-06-02',
      });
      await fails('standing', /Device working-a is revoked .*cessation/);
    });

    it('fails while something is suspended, and holds again once it is reinstated', async () => {
      hierarchy.addStatement('device', 'reference-a', { action: 'suspend' });
      await fails('standing', /reference-a is suspended/);
      hierarchy.addStatement('device', 'reference-a', { action: 'reinstate', effective: later(AS_OF, -60) });
      assert.equal((await verdictOf()).status, 'TRACEABLE');
    });

    it('does not let a reinstatement undo a revocation', async () => {
      hierarchy.addStatement('device', 'reference-a', { action: 'revoke' });
      hierarchy.addStatement('device', 'reference-a', { action: 'reinstate' });
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
      await fails('chronology', /began on 2025-01-01, before its parent working-a-r1/, {
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
      });
      await fails('chronology', /is dated 2025-12-03, but was registered on 2025-12-01/);
    });

    it('notes a report that was registered only after the moment asked about', async () => {
      const verdict = await verdictOf({ asOf: '2025-07-01T00:00:00Z' });
      assert.equal(verdict.status, 'TRACEABLE');
      assert.match(
        verdict.edges[0]?.findings[0]?.reason ?? '',
        /registered on 2025-12-01.* after the moment asked about/,
      );
    });

    it("fails when the owner's recalibration interval is over, for the device and for its standards", async () => {
      await fails('interval', /calibration of sensor-a .* was due again on 2025-02-12/, { intervalDays: 30 });
      await hierarchy.addDevice({ id: 'lazy', technician: 't-oem-a', intervalDays: 10 });
      hierarchy.addReport({ id: 'lazy-r1', device: 'lazy', technician: 't-oem-a', parents: ['working-a-r1'] });
      hierarchy.addReport({
        id: 'r2',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['lazy-r1'],
        performed: '2025-03-01',
      });
      await fails('interval', /calibration of lazy .* was relied on on 2025-03-01/);
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
      await fails('uncertainty', /r2 states Temperature with a smaller uncertainty than its parents have/);
    });

    it('compares standard uncertainties across units and coverage factors', async () => {
      const parent = hierarchy.payloadOf('working-a-r1').results[0]!.points[0]!.uncertainty!;
      const inKelvin = (expanded: number, coverageFactor: number) => [
        {
          name: 'Temperature',
          quantity: 'temperature',
          unit: '\\kelvin',
          points: [{ value: 293.15, uncertainty: { expanded, coverageFactor, coverageProbability: null } }],
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
      await fails('uncertainty', /smaller uncertainty/);
    });

    it("notes an extrapolation beyond the parent's range, without failing", async () => {
      const results = [temperatureResult(0.5, [0, 150])];
      hierarchy.addReport({
        id: 'r2',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['working-a-r1'],
        results,
        performed: '2025-06-01',
      });
      const verdict = await verdictOf();
      assert.equal(verdict.status, 'TRACEABLE');
      assert.ok(verdict.edges.some(({ findings }) => findings.some(({ check }) => check === 'range')));
    });

    it('fails outside the accreditation: quantity, range, date and best uncertainty', async () => {
      const lab = hierarchy.organisations.get('lab-alpha')!;
      for (const scopes of [
        [massScope()],
        [temperatureScope({ max: 50 })],
        [temperatureScope({ validTo: '2025-01-01' })],
        [temperatureScope({ cmc: { absolute: 1, relative: 0 } })],
        [temperatureScope({ cmc: { absolute: 0.0005, relative: 1 } })],
        [],
      ]) {
        hierarchy.organisations.set('lab-alpha', { ...lab, scopes });
        await fails('scope', /lab-alpha had no accreditation on 2025-01-12 that covers Temperature/);
      }
    });
  });

  describe('of its bounds', () => {
    it('fails for reports that rest on one another', async () => {
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
        /newest heartbeat seen is of 2026-01-01T00:00:00Z; one of .*00:00:01Z or later/,
        freshness(AS_OF, 43_199),
      );
    });

    it('does not count a heartbeat that was not validly signed', async () => {
      const heartbeat = hierarchy.heartbeats.get('nmi-north')!;
      const payload = { ...heartbeat.payload, sequence: 2 };
      hierarchy.heartbeats.set('nmi-north', { ...heartbeat, payload });
      const verdict = await fails('freshness', /No heartbeat of its NMIs was seen/, freshness(AS_OF, 43_200));
      assert.deepEqual(verdict.heartbeats, []);
    });
  });
});
