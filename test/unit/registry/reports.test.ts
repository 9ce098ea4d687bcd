import assert from 'node:assert/strict';
import type { DeviceFile, Jws, Parent } from '@tracecal/chaincode/model';
import type { ParentAnswer, ReportAnswer } from '@tracecal/chaincode/registry';
import { signerName } from '@tracecal/chaincode/signing';
import type { Verdict } from '@tracecal/chaincode/trace';
import { temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ReportSpec } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, callerOf, refuses, registryOf, submit } from '../../support/registry.js';

const NEXT: ReportSpec = {
  id: 'next',
  device: 'sensor-a',
  technician: 't-oem-a',
  parents: ['working-a-r1'],
  performed: '2025-07-01',
};

describe('Reports of the registry', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const signed = (spec: Partial<ReportSpec> = {}): Jws => hierarchy.sign(hierarchy.payload({ ...NEXT, ...spec }));
  const create = (jws: unknown, by = 'lab-alpha') => submit(ledger, by, 'createReport', jws);

  it('are issued by their organisation or one above it; the issuer and the owners of the standards take part', async () => {
    const jws = signed({ device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] });
    const { event, demanded } = await create(jws);
    assert.deepEqual(event, {
      name: 'ReportCreated',
      payload: { type: 'ReportCreated', id: 'next', device: 'working-a' },
    });
    assert.deepEqual(demanded, ['LabAlphaMSP']);

    const lent = signed({ id: 'lent', parents: ['working-a-r1', 'reference-a-r1'] });
    const both = await create(lent, 'nmi-north');
    assert.deepEqual(both.demanded, ['LabAlphaMSP', 'OemAMSP']);
  });

  it('list what a trace through them will read, for peers that can be asked at once', async () => {
    await create(signed());
    const { reports } = await ask<DeviceFile>(ledger, 'getDevice', 'sensor-a');
    assert.deepEqual(reports['next']?.lineage, {
      devices: ['working-a', 'reference-a', 'primary-a'],
      organisations: ['oem-a', 'lab-alpha', 'nmi-north'],
      roots: ['nmi-north'],
    });
  });

  it('trace the same, byte for byte, whatever their list of records says', async () => {
    await create(signed());
    const honest = await ledger.evaluate('traceCal', 'sensor-a', '{}');
    const key = [...ledger.state.keys()].find((name) => name.includes('device') && name.includes('sensor-a')) ?? '';
    const file = JSON.parse(String(ledger.state.get(key))) as DeviceFile;
    const lineage = { devices: ['working-b', 'nobody'], organisations: [], roots: ['lab-alpha'] };
    const next = { ...file.reports['next'], lineage };
    ledger.state.set(key, Buffer.from(JSON.stringify({ ...file, reports: { ...file.reports, next } })));
    assert.equal(await ledger.evaluate('traceCal', 'sensor-a', '{}'), honest);
  });

  it('count at once for the device', async () => {
    await create(signed());
    const verdict = await ask<Verdict>(ledger, 'traceCal', 'sensor-a', '{}');
    assert.deepEqual([verdict.status, verdict.edges[0]?.report], ['TRACEABLE', 'next']);
    const parents = await ask<ParentAnswer[]>(ledger, 'getParentReport', 'next');
    assert.deepEqual(
      parents.map(({ report }) => report?.id),
      ['working-a-r1'],
    );
  });

  it('are refused from clients of other organisations and without the role: a stolen signing key is not enough', async () => {
    await refuses(create(signed(), 'lab-beta'), 'NOT_AUTHORISED', /LabBetaMSP may not act for organisation oem-a/);
    const thief = { mspId: 'OemAMSP' };
    await refuses(ledger.submit(thief, 'createReport', JSON.stringify(signed())), 'NOT_AUTHORISED', /"issuer"/);
    const registrar = callerOf('oem-a', 'registrar');
    await refuses(ledger.submit(registrar, 'createReport', JSON.stringify(signed())), 'NOT_AUTHORISED', /"issuer"/);
  });

  it('are registered once: not again, not under a device of another name, not in another registry', async () => {
    const jws = signed();
    await create(jws);
    await refuses(create(jws), 'ALREADY_EXISTS', /next is registered already, of device sensor-a/);
    await refuses(create(signed({ device: 'sensor-b' })), 'ALREADY_EXISTS', /of device sensor-a/);
    await refuses(create(signed({ id: 'other', registry: 'elsewhere' })), 'WRONG_REGISTRY', /"elsewhere"/);

    const elsewhere = await registryOf(await twoCountries('elsewhere'));
    await refuses(
      submit(elsewhere, 'lab-alpha', 'createReport', jws),
      'WRONG_REGISTRY',
      /was signed for registry "calibration"/,
    );
  });

  it('are refused unless the technician and every parent device have signed what is filed', async () => {
    const payload = hierarchy.payload(NEXT);
    const technician = signerName('technician', 't-oem-a');
    const device = signerName('device', 'working-a');
    await refuses(create(hierarchy.sign(payload, [technician])), 'SIGNATURE_INVALID', /not signed by device:working-a/);
    await refuses(create(hierarchy.sign(payload, [device])), 'SIGNATURE_INVALID', /not signed by technician:t-oem-a/);
    const stranger = [technician, device, signerName('technician', 't-lab-beta')];
    await refuses(create(hierarchy.sign(payload, stranger)), 'SIGNATURE_INVALID', /neither its technician's nor/);

    const genuine = hierarchy.sign(payload);
    const other = hierarchy.sign(hierarchy.payload({ ...NEXT, performed: '2025-07-02' }));
    const mixed = { payload: genuine.payload, signatures: [genuine.signatures[0], other.signatures[1]] };
    await refuses(create(mixed), 'SIGNATURE_INVALID', /signature of standard working-a/);
    const swapped = { payload: genuine.payload, signatures: [other.signatures[0], genuine.signatures[1]] };
    await refuses(create(swapped), 'SIGNATURE_INVALID', /signature of technician t-oem-a/);
  });

  it('are refused in any other form than the canonical one, and as garbage', async () => {
    const genuine = signed();
    const text = Buffer.from(genuine.payload, 'base64url').toString('utf8');
    const respelled = { ...genuine, payload: Buffer.from(`${text} `).toString('base64url') };
    await refuses(create(respelled), 'INPUT_INVALID', /canonical form/);
    await refuses(create({ ...genuine, extra: 1 }), 'INPUT_INVALID', /JWS is not accepted/);
    await refuses(create({ ...genuine, signatures: [] }), 'INPUT_INVALID', /signatures/);
    await refuses(ledger.submit(callerOf('oem-a'), 'createReport', '{"payload":'), 'JSON_INVALID', /expected/);
    const long = `"${'x'.repeat(600_001)}"`;
    await refuses(ledger.submit(callerOf('oem-a'), 'createReport', long), 'JSON_TOO_LARGE', /600000/);
    await refuses(create(signed({ parents: ['working-a-r1', 'working-a-r1'] })), 'INPUT_INVALID', /a parent twice/);
    await refuses(create(signed({ device: 'ghost' })), 'NOT_FOUND', /ghost/);
  });

  it("are refused if the technician is not the issuer's, or may not sign for the quantity", async () => {
    const foreign = signed({ technician: 't-lab-alpha', organisation: 'oem-a' });
    await refuses(create(foreign), 'NOT_AUTHORISED', /oem-a has not certified technician t-lab-alpha/);
    const scales = await hierarchy.addTechnician({ id: 't-mass', organisation: 'oem-a', quantities: ['mass'] });
    await submit(ledger, 'oem-a', 'createTechnician', scales);
    await refuses(create(signed({ technician: 't-mass' })), 'NOT_AUTHORISED', /t-mass may not sign for temperature/);
  });

  it('are refused beyond the accreditation, and better than the standards they rest on', async () => {
    const lab = { device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    const hot = signed({ ...lab, results: [temperatureResult(0.1, [0, 400])] });
    await refuses(create(hot), 'NOT_AUTHORISED', /lab-alpha had no accreditation/);
    const better = signed({ results: [temperatureResult(0.0006)] });
    await refuses(create(better), 'INPUT_INVALID', /smaller uncertainty than its parents have/);
  });

  it('are refused where a standard calibrates itself, and where a sensor maker calibrates for others', async () => {
    const lab = { device: 'working-a', technician: 't-lab-alpha', parents: ['working-a-r1'] };
    await refuses(create(signed(lab)), 'INPUT_INVALID', /working-a would calibrate itself/);
    const customer = await hierarchy.addDevice({ id: 'customer', technician: 't-lab-alpha' });
    await submit(ledger, 'lab-alpha', 'registerDevice', customer);
    await refuses(create(signed({ device: 'customer' })), 'NOT_AUTHORISED', /oem-a had no accreditation/);
  });

  it('are registered with the thermometer of the room beside the standard, and where results are still to come', async () => {
    const lab = { technician: 't-lab-alpha', parents: ['reference-a-r1'], performed: '2025-06-01' };
    for (const [id, results] of [
      ['ambient', [temperatureResult(0.5, [0, 40])]],
      ['silent', []],
    ] as const) {
      await submit(ledger, 'oem-a', 'registerDevice', await hierarchy.addDevice({ id, technician: 't-oem-a' }));
      await create(hierarchy.addReport({ ...lab, id: `${id}-r1`, device: id, results }));
    }
    const parents = ['working-a-r1', 'ambient-r1'];
    await create(hierarchy.addReport({ ...NEXT, id: 'with-room', parents, results: [temperatureResult(0.1, [20])] }));
    const trace = await ask<Verdict>(ledger, 'traceCal', 'sensor-a', '{}');
    assert.equal(trace.status, 'TRACEABLE');
    await create(hierarchy.addReport({ ...NEXT, id: 'on-silence', parents: ['silent-r1'], performed: '2025-08-01' }));
    const silence = await ask<Verdict>(ledger, 'traceCal', 'sensor-a', '{}');
    assert.equal(silence.status, 'INCOMPLETE');
  });

  it('are refused if their parent is unknown, another version, a field device, revoked or overdue', async () => {
    const known = hierarchy.parent('working-a-r1');
    const unknown: Parent = { ...known, report: 'ghost' } as Parent;
    await refuses(create(signed({ parents: [unknown] })), 'PARENT_UNUSABLE', /ghost of device working-a is not/);
    const version: Parent = { ...known, digest: '0'.repeat(64) } as Parent;
    await refuses(create(signed({ parents: [version] })), 'PARENT_UNUSABLE', /another digest/);
    const field = signed({ device: 'working-a', parents: ['sensor-a-r1'] });
    await refuses(create(field), 'PARENT_UNUSABLE', /a field device and not a standard/);

    for (const [kind, id] of [
      ['report', 'working-a-r1'],
      ['device', 'working-a'],
    ]) {
      const request = { kind, id, reason: 'out-of-tolerance', effective: null };
      await submit(ledger, 'lab-alpha', 'suspend', request);
      await refuses(create(signed()), 'PARENT_UNUSABLE', /is suspended since/);
      await submit(ledger, 'lab-alpha', 'reinstate', request);
    }

    const weekly = await hierarchy.addDevice({ id: 'weekly', technician: 't-oem-a', intervalDays: 7 });
    await submit(ledger, 'oem-a', 'registerDevice', weekly);
    await create(hierarchy.addReport({ ...NEXT, id: 'weekly-r', device: 'weekly', performed: '2025-06-01' }));
    await refuses(create(signed({ parents: ['weekly-r'] })), 'PARENT_UNUSABLE', /was due again on 2025-06-08/);
  });

  it('are refused from a suspended issuer and from a revoked technician', async () => {
    const request = { kind: 'organisation', id: 'oem-a', reason: 'unspecified', effective: null };
    await submit(ledger, 'lab-alpha', 'suspend', request);
    await refuses(create(signed(), 'oem-a'), 'STANDING_INVALID', /oem-a is suspended/);
    await refuses(create(signed()), 'STANDING_INVALID', /oem-a is suspended/);
    await submit(ledger, 'lab-alpha', 'reinstate', request);
    const technician = { kind: 'technician', id: 't-oem-a', reason: 'key-compromise', effective: null };
    await submit(ledger, 'oem-a', 'revoke', technician);
    await refuses(create(signed()), 'STANDING_INVALID', /t-oem-a is revoked/);
  });

  it('are refused with dates that lie ahead, or before their parents', async () => {
    await refuses(create(signed({ performed: '2026-03-01' })), 'TIME_INVALID', /dated 2026-03-01, but was registered/);
    const early = signed({ performed: '2025-01-11' });
    await refuses(create(early), 'TIME_INVALID', /before its parent working-a-r1 was finished/);
    const backwards = signed({ issued: '2025-06-01' });
    await refuses(create(backwards), 'TIME_INVALID', /out of order/);
  });

  it("are refused without parents unless they are a national institute's of its own standard", async () => {
    await refuses(create(signed({ parents: [] })), 'NOT_AUTHORISED', /is not a National Metrology Institute/);
    const foreign = signed({ device: 'reference-a', technician: 't-nmi-north', parents: [] });
    await refuses(create(foreign, 'nmi-north'), 'NOT_AUTHORISED', /not a standard of nmi-north/);
  });

  it('may rest on certificates from elsewhere, on paper or digital: a trace says so', async () => {
    const paper: Parent = { kind: 'paper', certificate: 'K-1', laboratory: 'Old lab', equipment: 'Pt25' };
    await create(signed({ id: 'on-paper', parents: [paper] }));
    assert.equal((await ask<Verdict>(ledger, 'traceCal', 'sensor-a', '{}')).status, 'ATTESTED');
    const external: Parent = { kind: 'external', certificate: 'D-1', sha256: null, equipment: 'Pt25' };
    await create(signed({ id: 'outside', parents: [external], performed: '2025-07-02' }));
    assert.equal((await ask<Verdict>(ledger, 'traceCal', 'sensor-a', '{}')).status, 'INCOMPLETE');
  });

  it('of long ago are registered although they are overdue by now', async () => {
    const yearly = await hierarchy.addDevice({ id: 'old', technician: 't-oem-a', kind: 'field', intervalDays: 30 });
    await submit(ledger, 'oem-a', 'registerDevice', yearly);
    await create(signed({ device: 'old', performed: '2025-02-01' }));
    const verdict = await ask<Verdict>(ledger, 'traceCal', 'old', '{}');
    assert.match(verdict.reason, /was due again on 2025-03-03/);
  });

  it('of different devices with the same parent do not conflict, two of one device do', async () => {
    const other = await hierarchy.addDevice({ id: 'sensor-c', technician: 't-oem-a', kind: 'field' });
    await submit(ledger, 'oem-a', 'registerDevice', other);
    const run = (jws: Jws) => ledger.simulate(callerOf('oem-a'), 'createReport', JSON.stringify(jws));
    const first = await run(signed());
    const sibling = await run(signed({ id: 'sibling', device: 'sensor-c' }));
    const second = await run(signed({ id: 'second' }));
    const conflicts = (a: typeof first, b: typeof first) => b.reads.filter((key) => a.writes.has(key));
    assert.deepEqual(conflicts(first, sibling), []);
    assert.equal(conflicts(first, second).length, 1);
  });

  describe('that amend another', () => {
    const AMENDED: Partial<ReportSpec> = { id: 'sensor-a-r2', supersedes: 'sensor-a-r1', performed: '2025-01-13' };
    const amend = (jws: unknown, by = 'lab-alpha') => submit(ledger, by, 'amendReport', jws);

    it('count in its place; it stays readable and says by what it was amended', async () => {
      const { event } = await amend(signed(AMENDED));
      assert.deepEqual(event?.payload, {
        type: 'ReportAmended',
        id: 'sensor-a-r2',
        device: 'sensor-a',
        supersedes: 'sensor-a-r1',
      });
      const old = await ask<ReportAnswer>(ledger, 'getReport', 'sensor-a-r1');
      assert.equal(old.report.supersededBy, 'sensor-a-r2');
      assert.equal(old.payload.report, 'sensor-a-r1');
      const verdict = await ask<Verdict>(ledger, 'traceCal', 'sensor-a', '{}');
      assert.deepEqual([verdict.status, verdict.edges[0]?.report], ['TRACEABLE', 'sensor-a-r2']);
    });

    it('in the middle of a chain count for everything that rests on the old one', async () => {
      const middle: Partial<ReportSpec> = {
        id: 'working-a-r2',
        device: 'working-a',
        technician: 't-lab-alpha',
        parents: ['reference-a-r1'],
        supersedes: 'working-a-r1',
        performed: '2025-01-12',
      };
      await amend(signed(middle));
      const verdict = await ask<Verdict>(ledger, 'traceCal', 'sensor-a', '{}');
      assert.deepEqual([verdict.status, verdict.edges[1]?.amendedBy], ['TRACEABLE', 'working-a-r2']);
    });

    it('must be by the same issuer, of the same device, and name a current report with its digest', async () => {
      const lab = signed({ ...AMENDED, technician: 't-lab-alpha', parents: ['reference-a-r1'] });
      await refuses(amend(lab), 'NOT_AUTHORISED', /another organisation's/);
      await refuses(amend(signed({ ...AMENDED, device: 'working-a' })), 'NOT_FOUND', /working-a has no report/);
      const payload = hierarchy.payload({ ...NEXT, ...AMENDED });
      const wrong = { ...payload, supersedes: { report: 'sensor-a-r1', digest: '0'.repeat(64) } };
      await refuses(amend(hierarchy.sign(wrong)), 'INPUT_INVALID', /another digest/);
      await refuses(amend(signed()), 'INPUT_INVALID', /does not say which report it supersedes/);
      await refuses(create(signed(AMENDED)), 'INPUT_INVALID', /amend that one/);

      await amend(signed(AMENDED));
      await refuses(amend(signed({ ...AMENDED, id: 'r3' })), 'ALREADY_EXISTS', /was amended by sensor-a-r2/);
    });
  });

  it('are kept in the file of their device, in canonical form', async () => {
    await create(signed());
    const [key] = [...ledger.state.keys()].filter((name) => name.startsWith('\u0000device\u0000sensor-a'));
    const stored = ledger.state.get(key ?? '')?.toString('utf8') ?? '';
    assert.equal(stored, await ledger.evaluate('getDevice', 'sensor-a'));
    const file = JSON.parse(stored) as DeviceFile;
    assert.deepEqual(Object.keys(file.reports), ['next', 'sensor-a-r1']);
  });
});
