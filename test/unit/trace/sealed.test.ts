import assert from 'node:assert/strict';
import type { Disclosure, StatementOf } from '@tracecal/core/model';
import { doubtsAbout, evidenceFor, sourceOf, traceCal, traceOptions, withDisclosures } from '@tracecal/core/trace';
import type { TraceOptions, Verdict } from '@tracecal/core/trace';
import { AS_OF, temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';

const SECRET = 0.02;

describe('A report with confidential results', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    hierarchy.addReport({ ...OF_WORKING, id: 'private', sealed: ['temperature'] });
    hierarchy.reject('working-a-r1');
  });

  const OF_WORKING = {
    device: 'working-a',
    technician: 't-lab-alpha',
    parents: ['reference-a-r1'],
    performed: '2025-06-01',
    results: [temperatureResult(SECRET)],
  };

  const verdict = (
    asked: Partial<TraceOptions> = {},
    disclosures: readonly Disclosure[] = [],
    device = 'oem-a/working-a',
  ): Promise<Verdict> =>
    traceCal(withDisclosures(hierarchy, disclosures), device, traceOptions({ asOf: AS_OF, ...asked }));

  it('is INCOMPLETE where nobody vouches for them, and says whom to ask', async () => {
    const { status, check, reason, results, edges } = await verdict();
    assert.equal(status, 'INCOMPLETE');
    assert.equal(check, 'vouching');
    assert.equal(
      reason,
      'Report lab-alpha/private gives temperature in confidence, and nobody who has read it vouches for it: ask lab-alpha for a disclosure.',
    );
    assert.deepEqual(results, []);
    assert.deepEqual(edges[0]?.gives, []);
  });

  it('is TRACEABLE for whoever has the disclosure, like a public one', async () => {
    const found = await verdict({}, hierarchy.disclosuresOf('private'));
    assert.equal(found.status, 'TRACEABLE', found.reason);
    assert.equal(found.results[0]?.uncertainty?.max, SECRET);
    hierarchy = await twoCountries();
    hierarchy.addReport({ ...OF_WORKING, id: 'public' });
    const open = await verdict();
    assert.equal(open.reason, found.reason);
    assert.deepEqual(open.institutes, found.institutes);
  });

  it('is ATTESTED on the word of one organisation, which the verdict names', async () => {
    await hierarchy.vouch('lab-beta', 'private');
    const { status, reason, edges, institutes, requirements } = await verdict();
    assert.equal(status, 'ATTESTED');
    assert.equal(
      reason,
      'Report lab-alpha/private gives temperature in confidence: it rests on the word of lab-beta, who read it.',
    );
    assert.equal(edges[0]?.findings.at(-1)?.basis, 'vouched');
    assert.deepEqual(
      institutes.map(({ organisation }) => organisation),
      ['nmi-north', 'nmi-south'],
      'the institute above who vouches is among those whose word counts',
    );
    assert.equal(requirements?.fulfilled, false);
  });

  it('is TRACEABLE on the word of two that are independent, and names them', async () => {
    await hierarchy.vouch('lab-beta', 'private');
    await hierarchy.vouch('nmi-east', 'private');
    const { status, edges, roots } = await verdict();
    assert.equal(status, 'TRACEABLE');
    assert.match(edges[0]?.findings.at(-1)?.reason ?? '', /lab-beta and nmi-east have read it and find it sound/);
    assert.deepEqual(
      roots.map(({ organisation }) => organisation),
      ['nmi-north'],
    );
  });

  it('never has the numbers in what anybody without a disclosure is told', async () => {
    await hierarchy.vouch('lab-beta', 'private');
    await hierarchy.vouch('nmi-east', 'private');
    const leaves = hierarchy.disclosuresOf('private').flatMap((each) => each.leaves);
    const told = JSON.stringify([
      await verdict({ explain: true }),
      await verdict({ at: { value: 20, arguments: [] } }),
      [...hierarchy.steps.filter(({ argument }) => argument.includes('private'))],
    ]);
    for (const { salt } of leaves) {
      assert.ok(!told.includes(salt));
    }
    assert.ok(!told.includes(String(SECRET)), 'the uncertainty is nowhere');
  });

  it('says nothing about a place without a disclosure, and the same with one as a public report', async () => {
    const at = { value: 20, arguments: [] };
    await hierarchy.vouch('lab-beta', 'private');
    await hierarchy.vouch('nmi-east', 'private');
    const { status, reason } = await verdict({ at });
    assert.equal(status, 'INCOMPLETE');
    assert.match(reason, /in confidence: whether it covers 20 cannot be told without a disclosure .* Ask lab-alpha/);
    assert.equal((await verdict({ at }, hierarchy.disclosuresOf('private'))).status, 'TRACEABLE');
  });

  it('is judged by what was disclosed of it, and says how much that was', async () => {
    const results = ['air', 'bath'].map((name) => ({ ...temperatureResult(SECRET), name }));
    hierarchy.addReport({ ...OF_WORKING, id: 'two', results, performed: '2025-06-03', sealed: ['temperature'] });
    hierarchy.reject('private');
    const part = hierarchy.disclosuresOf('two', ({ name }) => name === 'bath');
    const { status, results: shown, edges } = await verdict({}, part);
    assert.equal(status, 'TRACEABLE');
    assert.deepEqual(
      shown.map(({ name }) => name),
      ['bath'],
    );
    assert.match(JSON.stringify(edges[0]?.findings), /1 of at most 8 results were disclosed/);
    const far = { value: 150, arguments: [] };
    assert.match((await verdict({ at: far }, part)).reason, /does not cover that/);
  });

  it('is no better by a part without an uncertainty that somebody chose', async () => {
    const silent = { ...temperatureResult(SECRET), name: 'silent' };
    const rows = silent.rows.map((row) => ({ ...row, uncertainty: null }));
    const found = { ...temperatureResult(SECRET), name: 'found', asFound: true as const };
    const bad = { ...temperatureResult(1e-6), name: 'bad' };
    const results = [{ ...silent, rows }, found, bad];
    hierarchy.addReport({ ...OF_WORKING, id: 'some', results, performed: '2025-06-03', sealed: ['temperature'] });
    hierarchy.reject('private');
    assert.equal((await verdict({}, hierarchy.disclosuresOf('some'))).status, 'FAILED');
    for (const part of ['silent', 'found']) {
      const { status } = await verdict(
        {},
        hierarchy.disclosuresOf('some', ({ name }) => name === part),
      );
      assert.equal(status, 'INCOMPLETE', part);
    }
  });

  it('does not replace an older one, since nobody can tell at which places it holds', async () => {
    const older = {
      ...OF_WORKING,
      id: 'older',
      performed: '2025-05-01',
      results: [temperatureResult(SECRET, [0, 20, 100])],
    };
    hierarchy.reject('private');
    hierarchy.addReport(older);
    hierarchy.addReport({ ...OF_WORKING, id: 'newer', performed: '2025-06-05', sealed: ['temperature'] });
    await hierarchy.vouch('lab-beta', 'newer');
    await hierarchy.vouch('nmi-east', 'newer');
    assert.equal((await verdict()).status, 'TRACEABLE');
    assert.equal((await verdict({ at: { value: 90, arguments: [] } })).status, 'INCOMPLETE');
    hierarchy.addStatement('revocation', ['report', 'older'], { author: 'lab-alpha', reason: 'calibration-error' });
    assert.equal((await verdict()).status, 'FAILED');
    assert.equal((await verdict({}, hierarchy.disclosuresOf('newer'))).status, 'FAILED');
    hierarchy.reject('older');
    assert.equal((await verdict()).status, 'TRACEABLE');
  });

  it('fails with its parents, whoever vouches for it', async () => {
    await hierarchy.vouch('lab-beta', 'private');
    await hierarchy.vouch('nmi-east', 'private');
    hierarchy.addStatement('revocation', ['report', 'reference-a-r1'], { author: 'nmi-north', reason: 'fraud' });
    assert.equal((await verdict()).status, 'FAILED');
  });

  it('has evidence that serves everybody, whatever each of them was told, and tells nobody anything', async () => {
    const child = { device: 'sensor-a', technician: 't-oem-a', parents: ['private'], performed: '2025-06-10' };
    hierarchy.addReport({ ...child, id: 'child', results: [temperatureResult(SECRET * 2)] });
    for (const voucher of ['lab-beta', 'nmi-east']) {
      await hierarchy.vouch(voucher, 'private');
      await hierarchy.vouch(voucher, 'child', { read: ['private'] });
    }
    const disclosures = hierarchy.disclosuresOf('private');
    const options = traceOptions({ asOf: AS_OF });
    const device = 'oem-a/sensor-a';
    const [plain, told] = [hierarchy, withDisclosures(hierarchy, disclosures)];
    const evidence = await evidenceFor(plain, device, options);
    assert.deepEqual(await evidenceFor(told, device, options), evidence, 'whoever makes it');
    const text = JSON.stringify(evidence);
    assert.ok(disclosures.flatMap(({ leaves }) => leaves).every(({ salt }) => !text.includes(salt)));
    const source = sourceOf(JSON.parse(text));
    const { institutes } = await traceCal(source, device, options);
    const all = institutes.map(({ sha256 }) => sha256);
    for (const roots of [null, all, all.slice(0, 1), ['0'.repeat(64)]]) {
      const asked = { ...options, roots };
      assert.deepEqual(await traceCal(source, device, asked), await traceCal(plain, device, asked));
      const open = await traceCal(withDisclosures(source, disclosures), device, asked);
      assert.deepEqual(open, await traceCal(told, device, asked));
    }
  });

  it('fulfils no requirement of its owner that needs the numbers', async () => {
    await hierarchy.vouch('lab-beta', 'private');
    await hierarchy.vouch('nmi-east', 'private');
    hierarchy.require('oem-a', { conformity: 'stated', minimumTur: 4 });
    const { status, requirements } = await verdict();
    assert.equal(status, 'TRACEABLE');
    assert.deepEqual(
      requirements?.unmet.map(({ requirement, reason }) => `${requirement}: ${reason}`),
      [
        'conformity: Report lab-alpha/private gives temperature in confidence, and oem-a requires a statement of conformity: ask lab-alpha for a disclosure.',
        'tur: Report lab-alpha/private gives temperature in confidence, and oem-a requires a test uncertainty ratio of at least 4: ask lab-alpha for a disclosure.',
      ],
    );
  });

  describe('below a public one', () => {
    const child = (results = [temperatureResult(SECRET * 2)]) =>
      hierarchy.addReport({
        id: 'child',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['private'],
        performed: '2025-06-10',
        results,
      });
    const ofChild = (disclosures: readonly Disclosure[] = []) => verdict({}, disclosures, 'oem-a/sensor-a');

    it('makes that INCOMPLETE as well, until somebody vouches for both', async () => {
      child();
      const { status, reason } = await ofChild();
      assert.equal(status, 'INCOMPLETE');
      assert.match(
        reason,
        /^Report oem-a\/child gives temperature that rests on what report lab-alpha\/private gives in confidence/,
      );
      for (const voucher of ['lab-beta', 'nmi-east']) {
        await hierarchy.vouch(voucher, 'child', { read: ['private'] });
      }
      assert.match((await ofChild()).reason, /^Report lab-alpha\/private gives temperature in confidence, and nobody/);
      for (const voucher of ['lab-beta', 'nmi-east']) {
        await hierarchy.vouch(voucher, 'private');
      }
      assert.equal((await ofChild()).status, 'TRACEABLE');
    });

    it('is opened by one disclosure for all that rest on it', async () => {
      child();
      const { status, results } = await ofChild(hierarchy.disclosuresOf('private'));
      assert.equal(status, 'TRACEABLE');
      assert.equal(results.length, 1);
    });

    it('is not judged by a part of its results', async () => {
      const results = ['air', 'bath'].map((name) => ({ ...temperatureResult(SECRET), name }));
      hierarchy.addReport({
        ...OF_WORKING,
        id: 'private-2',
        performed: '2025-06-03',
        results,
        sealed: ['temperature'],
      });
      const spec = { device: 'sensor-a', technician: 't-oem-a', parents: ['private-2'], performed: '2025-06-10' };
      hierarchy.addReport({ ...spec, id: 'child', results: [temperatureResult(SECRET * 2)] });
      assert.equal(
        (await ofChild(hierarchy.disclosuresOf('private-2', ({ name }) => name === 'bath'))).status,
        'INCOMPLETE',
      );
    });

    it('is found unsound by those who read it, where the numbers do not bear what is public', async () => {
      child([temperatureResult(SECRET / 4)]);
      const { statement } = await hierarchy.vouch('lab-beta', 'child', { read: ['private'] });
      assert.match(Buffer.from(statement.payload, 'base64url').toString(), /"outcome":"unsound"/);
      assert.match((await ofChild()).reason, /^Report oem-a\/child gives temperature that rests on .* and nobody/);
      assert.equal((await ofChild(hierarchy.disclosuresOf('private'))).status, 'FAILED');
    });

    it('hides nothing of what the public one says itself', async () => {
      child([{ ...temperatureResult(SECRET * 2), excluded: 'not-traceable' }]);
      const { status, check } = await ofChild();
      assert.equal(`${status} ${check ?? ''}`, 'FAILED denial');
    });
  });

  describe('is worth nothing more by the word', () => {
    const after = async (): Promise<string> => {
      const { status, reason } = await verdict();
      return `${status}: ${reason}`;
    };

    it('of its issuer and of the owner', async () => {
      await hierarchy.vouch('lab-alpha', 'private');
      assert.match(await after(), /^ATTESTED: .* the word of lab-alpha, who read it/);
      await hierarchy.vouch('oem-a', 'private');
      assert.match(await after(), /^ATTESTED: .* the word of lab-alpha and oem-a/);
      await hierarchy.vouch('lab-beta', 'private');
      assert.match(await after(), /^ATTESTED/);
    });

    it('of organisations that the issuer certified, or that are one member under two names', async () => {
      await hierarchy.addOrganisation({ id: 'daughter', kind: 'LAB', certifiedBy: 'lab-alpha' });
      await hierarchy.addOrganisation({ id: 'second', kind: 'LAB', certifiedBy: 'nmi-south', mspId: 'LabBetaMSP' });
      for (const each of ['daughter', 'lab-beta', 'second']) {
        await hierarchy.vouch(each, 'private');
      }
      assert.match(await after(), /^ATTESTED/);
    });

    it("of the owner's daughter, whoever issued it", async () => {
      await hierarchy.addOrganisation({ id: 'daughter', kind: 'LAB', certifiedBy: 'lab-alpha' });
      const report = { device: 'reference-a', technician: 't-nmi-north', parents: ['primary-a-r1'] };
      const results = [temperatureResult(SECRET)];
      hierarchy.addReport({ ...report, id: 'owned', results, performed: '2025-06-01', sealed: ['temperature'] });
      await hierarchy.vouch('daughter', 'owned');
      await hierarchy.vouch('nmi-east', 'owned');
      const { status, reason } = await verdict({}, [], 'lab-alpha/reference-a');
      assert.match(`${status}: ${reason}`, /^ATTESTED: .* the word of daughter and nmi-east/);
    });

    it('of a friend that finds false numbers sound: the friend is named, and a disclosure convicts both', async () => {
      const better = [temperatureResult(0.0001)];
      hierarchy.addReport({
        ...OF_WORKING,
        id: 'false',
        results: better,
        performed: '2025-06-02',
        sealed: ['temperature'],
      });
      const honest = await hierarchy.vouch('nmi-east', 'false');
      const body = (
        JSON.parse(Buffer.from(honest.statement.payload, 'base64url').toString()) as StatementOf<'vouching'>
      ).body;
      assert.equal(body.judged[0]?.outcome, 'unsound');
      const { judged: honestly } = await said('lab-beta');
      hierarchy.say('lab-beta', 'false', { ...body, judged: honestly });
      assert.match(await after(), /^ATTESTED: .* the word of lab-beta, who read it/);
      assert.equal((await verdict({}, hierarchy.disclosuresOf('false'))).status, 'FAILED');
    });

    it('about results that were found out of limits, where the report hides that', async () => {
      const conformity = { of: 'error', overall: 'fail' } as const;
      const found = { ...temperatureResult(SECRET), name: 'Before', asFound: true, conformity } as const;
      const results = [temperatureResult(SECRET), found];
      const spec = { ...OF_WORKING, id: 'hidden', performed: '2025-06-02', results, sealed: ['temperature'] };
      const payload = hierarchy.payload(spec);
      const honest = payload.body.results;
      assert.equal(honest[0]?.foundOutOfLimits, true, 'it is public');
      const hidden = honest.map(({ quantity, sha256, rows }) => ({ quantity, sha256, rows, sealed: true as const }));
      const lying = { ...payload, body: { ...payload.body, results: hidden } };
      hierarchy.file(lying, hierarchy.sign(lying), { results: [] });
      const told = await verdict({}, hierarchy.disclosuresOf('hidden'));
      assert.equal(`${told.status} ${told.check ?? ''}`, 'FAILED digest');
      await assert.rejects(hierarchy.vouch('lab-beta', 'hidden'), /is not what report lab-alpha\/hidden states of it/);
    });

    it('about a report whose root another one repeats', async () => {
      await hierarchy.vouch('lab-beta', 'private');
      await hierarchy.vouch('nmi-east', 'private');
      const payload = hierarchy.payload({
        ...OF_WORKING,
        id: 'copy',
        performed: '2025-06-02',
        sealed: ['temperature'],
      });
      const { results } = hierarchy.payloadOf('private').body;
      const copy = { ...payload, body: { ...payload.body, results } };
      hierarchy.file(copy, hierarchy.sign(copy), { results: [] });
      assert.match(await after(), /^INCOMPLETE: Report lab-alpha\/copy gives .* nobody who has read it/);
      assert.equal(
        (await verdict({}, hierarchy.disclosuresOf('private'))).status,
        'INCOMPLETE',
        'it names the other report',
      );
    });

    it('of a sensor maker that has nothing to do with it', async () => {
      await hierarchy.vouch('oem-b', 'private');
      assert.match(await after(), /^INCOMPLETE: .* nobody who has read it vouches/);
    });

    it('of those who took it back', async () => {
      await hierarchy.vouch('lab-beta', 'private');
      await hierarchy.vouch('nmi-east', 'private');
      assert.match(await after(), /^TRACEABLE/);
      const judged = [{ quantity: 'temperature', outcome: 'unsound', lines: [] }] as const;
      await hierarchy.vouch('lab-beta', 'private', { changes: { judged } });
      assert.match(await after(), /^ATTESTED: .* the word of nmi-east/);
    });

    it('of an officer who fell, or an organisation that did', async () => {
      await hierarchy.vouch('lab-beta', 'private', { registered: '2025-11-01T12:00:00Z' });
      hierarchy.addStatement('revocation', ['organisation', 'lab-beta'], { author: 'nmi-south', reason: 'fraud' });
      assert.match(await after(), /^INCOMPLETE/);
    });

    it('of those below institutes that the question does not trust', async () => {
      await hierarchy.vouch('lab-beta', 'private');
      await hierarchy.vouch('nmi-east', 'private');
      const { institutes } = await verdict();
      const north = institutes.filter(({ organisation }) => organisation === 'nmi-north').map(({ sha256 }) => sha256);
      assert.equal((await verdict({ roots: north })).status, 'INCOMPLETE');
      const all = institutes.map(({ sha256 }) => sha256);
      assert.equal((await verdict({ roots: all })).status, 'TRACEABLE');
    });

    it('about other roots, other parents, other lines or other thresholds', async () => {
      const other = 'ab'.repeat(32);
      const { opened, judged } = await said('lab-beta');
      const forged = [
        { opened: opened.map((each) => ({ ...each, root: other })) },
        { opened: opened.map((each) => ({ ...each, quantity: 'mass' })) },
        { basis: other },
        { judged: judged.map((each) => ({ ...each, lines: [...each.lines, other] })) },
        { policy: other },
        { digest: other },
      ];
      for (const changes of forged) {
        await hierarchy.vouch('lab-beta', 'private', { changes });
        assert.match(await after(), /^INCOMPLETE/, JSON.stringify(changes));
      }
    });

    it('that was said about the parents before they were amended', async () => {
      await hierarchy.vouch('lab-beta', 'private');
      await hierarchy.vouch('nmi-east', 'private');
      const again = { device: 'reference-a', technician: 't-nmi-north', parents: ['primary-a-r1'] };
      const amended = { id: 'amended', supersedes: 'reference-a-r1', results: [temperatureResult(0.003)] };
      hierarchy.addReport({ ...again, ...amended, performed: '2025-01-11', registered: '2025-08-01T12:00:00Z' });
      assert.match(
        await after(),
        /^INCOMPLETE: Report lab-alpha\/private, temperature: .* was amended by nmi-north\/amended/,
      );
      const asked = { device: 'oem-a/working-a', report: 'lab-alpha/private' };
      const doubts = async () => (await doubtsAbout(hierarchy, asked, traceOptions({ asOf: AS_OF }))).doubts;
      const [doubt, ...others] = await doubts();
      assert.deepEqual([doubt?.cause, doubt?.isReviewed, others], ['nmi-north/amended', false, []]);
      assert.match(doubt?.reason ?? '', /its laboratory has to review it/);
      hierarchy.review('lab-alpha', 'amended', ['private']);
      assert.equal((await doubts())[0]?.isReviewed, true);
      assert.match(await after(), /^INCOMPLETE: .* nobody who has read it vouches/);
      await hierarchy.vouch('lab-beta', 'private');
      await hierarchy.vouch('nmi-east', 'private');
      assert.match(await after(), /^ATTESTED: Report nmi-north\/amended .* is a transcription/);
      assert.deepEqual(await doubts(), []);
    });

    it('where a line of the accreditation that bears it ended before the work', async () => {
      await hierarchy.vouch('lab-beta', 'private');
      hierarchy.reduce('lab-alpha', { author: 'nmi-north', validTo: '2025-03-01', registered: '2025-03-01T12:00:00Z' });
      assert.match(await after(), /^INCOMPLETE/);
    });

    const said = async (author: string) => {
      const { statement } = await hierarchy.vouch(author, 'private');
      const text = Buffer.from(statement.payload, 'base64url').toString();
      return (JSON.parse(text) as StatementOf<'vouching'>).body;
    };
  });
});
