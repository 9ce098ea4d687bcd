import assert from 'node:assert/strict';
import type { ParentAnswer, ReportAnswer } from '@tracecal/core/contracts';
import type { Jws, Parent, Reads } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import { temperatureResult, twoCountries, paperParent } from '../../support/hierarchy.js';
import type { Hierarchy, Item, ReportSpec } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, RELAY, replay, store, storedIn, submit, submitAs } from '../../support/registry.js';

const NEXT: ReportSpec = {
  id: 'next',
  device: 'sensor-a',
  technician: 't-oem-a',
  parents: ['working-a-r1'],
  performed: '2025-12-20',
};

describe('Reports of the registry', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const signed = (spec: Partial<ReportSpec> = {}): Item => hierarchy.draft({ ...NEXT, ...spec });
  /** The same report with other signatures. */
  const signedBy = (...signers: readonly string[]): Item => hierarchy.draft({ ...NEXT, signers });
  const create = (item: Item) => submit(ledger, item);
  const trace = (device = 'oem-a/sensor-a') => ask<Verdict>(ledger, 'traceCal', device, '{}');

  it('are registered by their signatures, whoever submits them, and count once their owner has accepted them', async () => {
    const item = signed({ device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] });
    const { event } = await create(item);
    assert.equal(event?.name, 'ReportCreated');
    const [announced] = (event.payload as { items: readonly object[] }).items;
    assert.deepEqual(announced, {
      type: 'ReportCreated',
      kind: 'report',
      id: 'lab-alpha/next',
      author: 'lab-alpha',
      number: 0,
      digest: (await ask<ReportAnswer>(ledger, 'getReport', 'lab-alpha/next')).digest,
      device: 'oem-a/working-a',
      accepted: true,
    });
  });

  const READS = '\u0000reads\u0000device\u0000oem-a/sensor-a\u0000';

  it('note beside the device what its traces will read, for peers that can be asked at once', async () => {
    await create(signed());
    const { devices } = storedIn(ledger, READS) as Reads;
    assert.deepEqual([...devices].sort(), ['lab-alpha/reference-a', 'nmi-north/primary-a', 'oem-a/working-a']);
  });

  it('trace the same, byte for byte, whatever is noted there', async () => {
    await create(signed());
    const honest = await ledger.evaluate('traceCal', 'oem-a/sensor-a', '{}');
    const reads = storedIn(ledger, READS) as Reads;
    const wrong = { ...reads, devices: ['oem-b/working-b', 'nobody/nothing'], organisations: [] };
    store(ledger, READS, wrong);
    assert.equal(await ledger.evaluate('traceCal', 'oem-a/sensor-a', '{}'), honest);
  });

  it('count at once for the device, if the acceptance comes with them', async () => {
    await create(signed());
    const verdict = await trace();
    assert.deepEqual([verdict.status, verdict.edges[0]?.report], ['TRACEABLE', 'oem-a/next']);
    const parents = await ask<ParentAnswer[]>(ledger, 'getParentReport', 'oem-a/next');
    assert.deepEqual(
      parents.map(({ report }) => report?.id),
      ['lab-alpha/working-a-r1'],
    );
  });

  it('are registered once: not again, not under a device of another name, not in another registry', async () => {
    const item = signed();
    await create(item);
    await refuses(create(item), 'ALREADY_EXISTS', /next is registered already/);
    await refuses(create(signed({ device: 'sensor-b' })), 'ALREADY_EXISTS', /next is registered already/);
    const elsewhere = signed({ id: 'other', registry: 'elsewhere', accepted: false });
    await refuses(create(elsewhere), 'WRONG_REGISTRY', /"elsewhere"/);

    const other = await registryOf(await twoCountries('elsewhere'));
    await refuses(
      submit(other, item),
      'WRONG_REGISTRY',
      /was signed for registry "calibration:[0-9a-f]{64}", not for "elsewhere:/,
    );
  });

  it('are refused unless the technician and every parent device have signed what is filed', async () => {
    const technician = 'technician:t-oem-a';
    const device = 'device:working-a';
    await refuses(create(signedBy(technician)), 'SIGNATURE_INVALID', /not signed by device:oem-a\/working-a/);
    await refuses(create(signedBy(device)), 'SIGNATURE_INVALID', /not signed by technician:oem-a\/t-oem-a/);
    const stranger = signedBy(technician, device, 'technician:t-lab-beta');
    await refuses(create(stranger), 'SIGNATURE_INVALID', /neither its technician's nor/);

    const genuine = signed();
    const [one, two] = [genuine.statement, signed({ performed: '2025-12-21' }).statement];
    const mixed = { payload: one.payload, signatures: [one.signatures[0]!, two.signatures[1]!] };
    const standard = /signature of standard oem-a\/working-a/;
    await refuses(create({ ...genuine, statement: mixed }), 'SIGNATURE_INVALID', standard);
    const swapped = { payload: one.payload, signatures: [two.signatures[0]!, one.signatures[1]!] };
    const person = /signature of technician oem-a\/t-oem-a/;
    await refuses(create({ ...genuine, statement: swapped }), 'SIGNATURE_INVALID', person);
  });

  it('are refused in any other form than the canonical one, and as garbage', async () => {
    const genuine = signed();
    const { statement } = genuine;
    const text = Buffer.from(statement.payload, 'base64url').toString('utf8');
    const respelled = { ...statement, payload: Buffer.from(`${text} `).toString('base64url') };
    const odd = (jws: unknown) => submitAs(ledger, 'createReport', { ...genuine, statement: jws as Jws });
    await refuses(odd(respelled), 'INPUT_INVALID', /canonical form/);
    await refuses(odd({ ...statement, extra: 1 }), 'INPUT_INVALID', /submission is not accepted/);
    await refuses(odd({ ...statement, signatures: [] }), 'INPUT_INVALID', /signatures/);
    const send = (json: string) => ledger.submit(RELAY, 'createReport', json);
    await refuses(send('{"payload":'), 'JSON_INVALID', /expected/);
    await refuses(send(`"${'x'.repeat(9_000_000)}"`), 'JSON_TOO_LARGE', /2097152/);
    await refuses(send('{"items":[]}'), 'INPUT_INVALID', /items/);
    const twice = signed({ parents: ['working-a-r1', 'working-a-r1'] });
    await refuses(create(twice), 'INPUT_INVALID', /a parent twice/);
    await refuses(create(signed({ device: 'oem-a/ghost', accepted: false })), 'NOT_FOUND', /oem-a\/ghost/);
    await refuses(create({ ...genuine, certificate: 'AAAA' }), 'INPUT_INVALID', /nothing named "certificate" belongs/);
    await refuses(submitAs(ledger, 'revoke', genuine), 'INPUT_INVALID', /submit it with createReport/);
  });

  it('are refused with other results than those that were signed', async () => {
    const better = [temperatureResult(0.006)];
    await refuses(create({ ...signed(), results: better }), 'INPUT_INVALID', /not those whose digests were signed/);
    const { statement, acceptance } = signed();
    await refuses(
      create({ statement, acceptance: acceptance! }),
      'INPUT_INVALID',
      /not those whose digests were signed/,
    );
  });

  it("are refused if the technician is not the issuer's, or may not sign for the quantity", async () => {
    const foreign = signed({ technician: 't-lab-alpha', organisation: 'oem-a' });
    await refuses(create(foreign), 'WRONG_REGISTRY', /signed by lab-alpha\/t-lab-alpha of another organisation/);
    await submit(ledger, await hierarchy.addTechnician({ id: 't-mass', organisation: 'oem-a', quantities: ['mass'] }));
    const beyond = signed({ technician: 't-mass' });
    await refuses(create(beyond), 'NOT_AUTHORISED', /t-mass may not sign for temperature/);
  });

  it('are refused better than the accreditation, and better than the standards they rest on', async () => {
    const lab = { device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    const better = { ...lab, results: [temperatureResult(0.0004)] };
    await refuses(
      create(signed(better)),
      'NOT_AUTHORISED',
      /states a smaller uncertainty than the accreditation of lab-alpha allows/,
    );
    const best = signed({ results: [temperatureResult(0.0006)] });
    await refuses(
      create(best),
      'RESULT_REFUSED',
      /u = 0.0003 °C is smaller than the references allow: at least 0.002 °C/,
    );
  });

  it('beyond the accreditation are registered, and a trace finds them INCOMPLETE', async () => {
    const lab = { ...NEXT, device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    await create(hierarchy.addReport({ ...lab, results: [temperatureResult(0.1, [0, 400])] }));
    const { status, reason } = await trace('oem-a/working-a');
    assert.equal(status, 'INCOMPLETE');
    assert.match(reason, /lab-alpha had no accreditation on .* at 400 °C/);
  });

  it('are refused where a standard calibrates itself', async () => {
    const lab = { device: 'working-a', technician: 't-lab-alpha', parents: ['working-a-r1'] };
    await refuses(create(signed(lab)), 'INPUT_INVALID', /working-a would calibrate itself/);
  });

  it('of a sensor maker for others are registered, and a trace finds them INCOMPLETE', async () => {
    await submit(ledger, await hierarchy.addDevice({ id: 'customer', technician: 't-lab-alpha' }));
    await create(hierarchy.addReport({ ...NEXT, device: 'customer' }));
    const { status, reason } = await trace('lab-alpha/customer');
    assert.equal(status, 'INCOMPLETE');
    assert.match(reason, /oem-a had no accreditation/);
  });

  it('are registered with the thermometer of the room beside the standard, and where results are still to come', async () => {
    const lab = { technician: 't-lab-alpha', parents: ['reference-a-r1'], performed: '2025-12-01' };
    for (const [id, results] of [
      ['ambient', [temperatureResult(0.5, [0, 40])]],
      ['silent', []],
    ] as const) {
      await submit(ledger, await hierarchy.addDevice({ id, technician: 't-oem-a' }));
      await create(hierarchy.addReport({ ...lab, id: `${id}-r1`, device: id, results }));
    }
    const parents = ['working-a-r1', 'ambient-r1'];
    await create(hierarchy.addReport({ ...NEXT, id: 'with-room', parents, results: [temperatureResult(0.1, [20])] }));
    assert.equal((await trace()).status, 'TRACEABLE');
    await create(hierarchy.addReport({ ...NEXT, id: 'on-silence', parents: ['silent-r1'], performed: '2025-12-21' }));
    assert.equal((await trace()).status, 'INCOMPLETE');
  });

  it('are refused if their parent is unknown, another version, a field device, suspended or overdue', async () => {
    const known = hierarchy.parent('working-a-r1');
    const unknown = { ...known, report: 'lab-alpha/ghost' } as Parent;
    const notThere = /ghost of device oem-a\/working-a is not/;
    await refuses(create(signed({ parents: [unknown] })), 'PARENT_UNUSABLE', notThere);
    const version = { ...known, digest: '0'.repeat(64) } as Parent;
    await refuses(create(signed({ parents: [version] })), 'PARENT_UNUSABLE', /another digest/);
    const field = signed({ device: 'working-a', parents: ['sensor-a-r1'] });
    await refuses(create(field), 'PARENT_UNUSABLE', /a field device and not a standard/);

    await submit(ledger, await hierarchy.addDevice({ id: 'weekly', technician: 't-oem-a', intervalDays: 7 }));
    await create(hierarchy.addReport({ ...NEXT, id: 'weekly-r', device: 'weekly', performed: '2025-12-01' }));
    const overdue = signed({ parents: ['weekly-r'] });
    await refuses(create(overdue), 'PARENT_UNUSABLE', /recalibration of oem-a\/weekly was due on 2025-12-08/);

    for (const [kind, id] of [
      ['device', 'working-a'],
      ['report', 'working-a-r1'],
    ] as const) {
      await submit(ledger, hierarchy.addStatement('suspension', [kind, id], { reason: 'out-of-tolerance' }));
      await refuses(create(signed()), 'PARENT_UNUSABLE', new RegExp(`${id} is suspended since`));
    }
  });

  it('are refused from a suspended issuer and from a revoked technician', async () => {
    const spec = { reason: 'key-compromise', registered: ledger.now } as const;
    await submit(ledger, hierarchy.addStatement('revocation', ['person', 't-oem-a'], spec));
    await refuses(create(signed()), 'STANDING_INVALID', /t-oem-a is revoked/);
    await submit(ledger, hierarchy.addStatement('suspension', ['organisation', 'oem-a']));
    await refuses(create(signed()), 'STANDING_INVALID', /oem-a is suspended/);
  });

  it('are refused with dates that lie ahead, or before their parents', async () => {
    const ahead = signed({ performed: '2026-03-01', date: ledger.now });
    await refuses(create(ahead), 'TIME_INVALID', /performed until 2026-03-01, which lies ahead/);
    const issued = signed({ issued: '2026-01-04', date: ledger.now });
    await refuses(create(issued), 'TIME_INVALID', /dated 2026-01-04, but was registered on 2026-01-01/);
    const signedAhead = signed({ date: '2026-01-04T00:00:00Z' });
    await refuses(create(signedAhead), 'TIME_INVALID', /dated 2026-01-04T00:00:00Z, which lies ahead/);
    const early = signed({ performed: '2025-01-11' });
    await refuses(create(early), 'TIME_INVALID', /before its parent lab-alpha\/working-a-r1 was finished/);
    const backwards = signed({ issued: '2025-06-01' });
    await refuses(create(backwards), 'TIME_INVALID', /out of order/);
  });

  it("are INCOMPLETE without parents unless they are a national institute's", async () => {
    await create(hierarchy.addReport({ ...NEXT, parents: [] }));
    assert.equal((await trace()).status, 'INCOMPLETE');
    const anybodys = { device: 'reference-a', technician: 't-nmi-north', parents: [] };
    await create(hierarchy.addReport({ ...NEXT, id: 'ends-here', ...anybodys }));
    assert.equal((await trace('lab-alpha/reference-a')).status, 'TRACEABLE');
  });

  it('are refused where an institute claims less than its capability, and ATTESTED outside its lines', async () => {
    const anybodys = { device: 'reference-a', technician: 't-nmi-north', parents: [] };
    const below = signed({ ...anybodys, results: [temperatureResult(1e-6)] });
    await refuses(
      create(below),
      'NOT_AUTHORISED',
      /states a smaller uncertainty than the accreditation of nmi-north allows/,
    );
    const outside = { id: 'outside', ...anybodys, results: [temperatureResult(0.1, [400])] };
    await create(hierarchy.addReport({ ...NEXT, ...outside }));
    const { status, reason } = await trace('lab-alpha/reference-a');
    assert.equal(status, 'ATTESTED');
    assert.match(reason, /nmi-north had no accreditation on .* at 400 °C/);
  });

  it('may rest on certificates from elsewhere, on paper or digital: a trace says so', async () => {
    const paper = paperParent('K-1');
    await create(signed({ id: 'on-paper', parents: [paper] }));
    assert.equal((await trace()).status, 'ATTESTED');
    const external: Parent = { kind: 'external', certificate: 'D-1', equipment: 'Pt25' };
    await create(signed({ id: 'outside', parents: [external], performed: '2025-12-21' }));
    assert.equal((await trace()).status, 'INCOMPLETE');
  });

  it('may not rest on what a certificate on paper says without its date, nor on one from after the work', async () => {
    const { date = '', ...undated } = paperParent('K-1');
    await refuses(create(signed({ id: 'undated', parents: [undated] })), 'INPUT_INVALID', /must give the date/);
    const later = { ...undated, date: date.replace(/^\d+/, '2099') };
    await refuses(create(signed({ id: 'later', parents: [later] })), 'TIME_INVALID', /was finished on 2099/);
  });

  it('of long ago are registered although they are overdue by now, as transcriptions', async () => {
    await submit(
      ledger,
      await hierarchy.addDevice({ id: 'old', technician: 't-oem-a', kind: 'field', intervalDays: 30 }),
    );
    await create(signed({ device: 'old', performed: '2025-02-01' }));
    const verdict = await trace('oem-a/old');
    assert.equal(verdict.status, 'FAILED');
    assert.match(verdict.reason, /recalibration of oem-a\/old was due on 2025-03-03/);
    const checks = verdict.edges.flatMap(({ findings }) => findings).map(({ check }) => check);
    assert.ok(checks.includes('transcription'));
  });

  it('of different devices with the same parent do not conflict, accepted ones of one device do', async () => {
    await submit(ledger, await hierarchy.addDevice({ id: 'sensor-c', technician: 't-oem-a', kind: 'field' }));
    const run = (item: Item) => ledger.simulate(RELAY, 'createReport', JSON.stringify({ items: [item] }));
    const first = await run(signed());
    const sibling = await run(signed({ id: 'sibling', device: 'sensor-c' }));
    const second = await run(signed({ id: 'second' }));
    const unaccepted = await run(signed({ id: 'third', accepted: false }));
    const conflicts = (a: typeof first, b: typeof first) => b.reads.filter((key) => a.writes.has(key));
    assert.deepEqual(conflicts(first, sibling), []);
    const kinds = conflicts(first, second).map((key) => key.split('\u0000')[1]);
    assert.deepEqual(kinds.sort(), ['device', 'reads']);
    assert.deepEqual(conflicts(unaccepted, first), []);
  });

  it('may name a later calibration of their standard beside the earlier one, not alone', async () => {
    const again = { id: 'later', device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    await create(hierarchy.addReport({ ...again, performed: '2025-12-22', date: '2025-12-31T00:00:00Z' }));
    const alone = signed({ parents: ['later'] });
    await refuses(create(alone), 'TIME_INVALID', /before its parent lab-alpha\/later was finished/);
    await create(signed({ parents: ['working-a-r1', 'later'] }));
    const { status, reason } = await trace();
    assert.equal(status, 'TRACEABLE', reason);
  });

  describe('that wait for their owner', () => {
    it('leave the verdict as it is until then, and count afterwards', async () => {
      const before = await trace();
      await create(hierarchy.addReport({ ...NEXT, accepted: false }));
      assert.deepEqual((await trace()).edges, before.edges);
      const { event } = await submit(ledger, hierarchy.accept('next'));
      assert.equal(event?.name, 'ReportAccepted');
      assert.equal((await trace()).edges[0]?.report, 'oem-a/next');
    });

    it('are accepted as they are, or not at all', async () => {
      await create(hierarchy.addReport({ ...NEXT, accepted: false }));
      const { statement } = hierarchy.accept('next');
      for (const [body, words] of [
        [{ digest: '0'.repeat(64) }, /another digest/],
        [{ performed: '2025-12-21' }, /performed until 2025-12-20/],
        [{ results: [{ quantity: 'mass' }] }, /gives temperature: an acceptance must state the same/],
        [{ results: [{ quantity: 'temperature' }] }, /must state the same as the report, with the extents/],
        [{ adjusted: true }, /must state the same as the report/],
        [{ report: 'oem-a/sensor-a-r1' }, /another digest/],
        [{ report: 'lab-alpha/working-a-r1' }, /is about device oem-a\/working-a, not oem-a\/sensor-a/],
      ] as const) {
        const changed = hierarchy.changed(statement, { body });
        await refuses(submit(ledger, { statement: changed }), 'INPUT_INVALID', words);
      }
      await submit(ledger, { statement });
    });

    it('are rejected for good', async () => {
      await create(hierarchy.addReport(NEXT));
      const { event } = await submit(ledger, hierarchy.reject('next'));
      assert.equal(event?.name, 'ReportRejected');
      assert.match((await trace()).reason, /oem-a, has rejected report oem-a\/next/);
      await refuses(submit(ledger, hierarchy.accept('next')), 'INPUT_INVALID', /rejected .* for good: amend it\./);
    });

    it('count without a word of theirs under a standing consent, as far as it goes', async () => {
      const consented = { ...NEXT, device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
      const accepted = async (id: string, spec: Partial<ReportSpec> = {}) => {
        const { answer } = await create(hierarchy.draft({ ...consented, accepted: false, ...spec, id }));
        return (JSON.parse(answer) as { items: readonly { accepted: boolean }[] }).items[0]?.accepted;
      };
      assert.equal(await accepted('r1'), false);
      const terms = { laboratory: 'lab-alpha', devices: ['working-a'], quantities: ['temperature'] };
      await submit(ledger, hierarchy.consent('oem-a', { ...terms, until: '2026-06-30' }));
      assert.equal(await accepted('r2'), true);
      assert.equal(await accepted('r3', { technician: 't-nmi-north', parents: ['primary-a-r1'] }), false);
      const old = { performed: '2025-02-01' };
      assert.equal(await accepted('r4', old), false, 'a transcription is for the owner to judge');
      const paper = paperParent('K-1');
      assert.equal(await accepted('r5', { parents: [paper] }), false, 'not traceable by itself');
      await submit(ledger, hierarchy.consent('oem-a', { ...terms, until: '2025-12-31' }));
      assert.equal(await accepted('r6'), false, 'over');
    });
  });

  describe('that amend another', () => {
    const AMENDED: Partial<ReportSpec> = { id: 'sensor-a-r2', supersedes: 'sensor-a-r1', performed: '2025-01-13' };

    it('count in its place; it stays readable and says by what it was amended', async () => {
      const { event } = await create(signed(AMENDED));
      const [item] = (event?.payload as { items: readonly object[] }).items;
      assert.deepEqual([event?.name, (item as { report: string }).report], ['ReportAmended', 'oem-a/sensor-a-r1']);
      const old = await ask<ReportAnswer>(ledger, 'getReport', 'oem-a/sensor-a-r1');
      assert.deepEqual([old.record.supersededBy, old.id], ['oem-a/sensor-a-r2', 'oem-a/sensor-a-r1']);
      const verdict = await trace();
      assert.deepEqual([verdict.status, verdict.edges[0]?.report], ['TRACEABLE', 'oem-a/sensor-a-r2']);
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
      await create(signed(middle));
      const verdict = await trace();
      assert.deepEqual([verdict.status, verdict.edges[1]?.amendedBy], ['TRACEABLE', 'lab-alpha/working-a-r2']);
    });

    it('must be by the same issuer, of the same device, and name a current report with its digest', async () => {
      const lab = signed({ ...AMENDED, technician: 't-lab-alpha', parents: ['reference-a-r1'] });
      await refuses(create(lab), 'NOT_AUTHORISED', /only its issuer may amend it/);
      await refuses(create(signed({ ...AMENDED, device: 'working-a' })), 'INPUT_INVALID', /about another device/);
      const supersedes = { report: 'oem-a/sensor-a-r1', digest: '0'.repeat(64) };
      const wrong = hierarchy.draft({ ...NEXT, ...AMENDED }, { body: { supersedes } });
      await refuses(create(wrong), 'INPUT_INVALID', /another digest/);
      const plain = signed();
      await refuses(submitAs(ledger, 'amendReport', plain), 'INPUT_INVALID', /submit it with createReport/);
      const amending = signed(AMENDED);
      await refuses(submitAs(ledger, 'createReport', amending), 'INPUT_INVALID', /submit it with amendReport/);

      await create(amending);
      await refuses(create(signed({ ...AMENDED, id: 'r3' })), 'ALREADY_EXISTS', /was amended by oem-a\/sensor-a-r2/);
      const { statement } = hierarchy.accept('sensor-a-r1');
      await refuses(submit(ledger, { statement }), 'INPUT_INVALID', /was amended by .*: accept that one/);
    });
  });

  it('are written beside the record of their device, in canonical form', async () => {
    const key = '\u0000device\u0000oem-a/sensor-a\u0000';
    const before = String(ledger.state.get(key));
    await create(signed({ accepted: false }));
    assert.equal(String(ledger.state.get(key)), before);
    const stored = String(ledger.state.get('\u0000report\u0000oem-a/next\u0000'));
    const { record } = await ask<ReportAnswer>(ledger, 'getReport', 'oem-a/next');
    assert.equal(JSON.stringify({ record, version: 1 }), stored);
  });

  it('come up to a hundred together, of which none rests on another, and all or none are taken', async () => {
    const from = hierarchy.steps.length;
    for (let count = 0; count < 5; count += 1) {
      await hierarchy.addDevice({ id: `many-${count}`, technician: 't-oem-a' });
    }
    await replay(hierarchy, ledger, from);
    const reports = [0, 1, 2, 3, 4].map((count) => signed({ id: `many-${count}-r`, device: `many-${count}` }));
    const bad = signed({ id: 'bad', results: [temperatureResult(0.0006)] });
    await refuses(submit(ledger, ...reports, bad), 'RESULT_REFUSED', /smaller than the references allow/);
    await refuses(ledger.evaluate('getReport', 'oem-a/many-0-r'), 'NOT_FOUND', /many-0-r/);
    const { event } = await submit(ledger, ...reports);
    assert.equal((event?.payload as { items: readonly object[] }).items.length, 5);

    const standard = hierarchy.addReport({ ...NEXT, id: 'many-0-r2', device: 'many-0' });
    const onIt = signed({ id: 'rests', device: 'many-1', parents: ['many-0-r2'], performed: '2025-12-21' });
    await refuses(submit(ledger, standard, onIt), 'INPUT_INVALID', /no item may rest on another/);
    const twice = [signed({ id: 'a', device: 'many-2' }), signed({ id: 'b', device: 'many-2' })];
    await refuses(submit(ledger, ...twice), 'INPUT_INVALID', /no item may rest on another/);
    const tooMany = Array.from({ length: 101 }, () => reports[0]!);
    await refuses(submit(ledger, ...tooMany), 'INPUT_INVALID', /items/);
  });
});
