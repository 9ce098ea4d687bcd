import assert from 'node:assert/strict';
import type { Result } from '@tracecal/core/model';
import { examineReport, traceCal, traceOptions } from '@tracecal/core/trace';
import type { RecordSource, Verdict } from '@tracecal/core/trace';
import { AS_OF, Hierarchy, temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { ReportSpec } from '../../support/hierarchy.js';

describe('A trace under attack', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  /** A further calibration of the field sensor. */
  const next = (spec: Partial<ReportSpec> = {}): void => {
    const report = { id: 'next', device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
    hierarchy.addReport({ ...report, performed: '2025-06-01', ...spec });
  };

  /** The status, and the reason for it. */
  const outcome = async (options = {}, device = 'sensor-a') => {
    const { status, reason } = await hierarchy.trace(device, options);
    return `${status}: ${reason}`;
  };

  describe('by reports of strangers', () => {
    const strange = (accepted: boolean) => {
      const report = { device: 'sensor-a', technician: 't-lab-beta', parents: ['working-b-r1'], accepted: false };
      hierarchy.addReport({ ...report, id: 'strange', performed: '2025-12-01' });
      hierarchy.addReport({ ...report, id: 'empty', performed: '2025-12-02', results: [] });
      for (const id of accepted ? ['strange', 'empty'] : []) {
        hierarchy.accept(id, { by: 'lab-beta' });
      }
    };

    for (const accepted of [false, true]) {
      it(`changes no verdict by later reports, ${accepted ? 'accepted by the strangers' : 'which nobody accepted'}`, async () => {
        const before = await hierarchy.trace('sensor-a');
        strange(accepted);
        assert.deepEqual(await hierarchy.trace('sensor-a'), before);
      });
    }

    it('changes no verdict by reports that were revoked', async () => {
      const before = await hierarchy.trace('sensor-a');
      strange(true);
      hierarchy.addStatement('revocation', ['report', 'strange'], { reason: 'fraud' });
      assert.deepEqual(await hierarchy.trace('sensor-a'), before);
    });

    it('reads no more, however many there are', async () => {
      const before = await readsOf(hierarchy);
      for (let count = 0; count < 100; count += 1) {
        const report = { device: 'sensor-a', technician: 't-lab-beta', parents: ['working-b-r1'], accepted: false };
        hierarchy.addReport({ ...report, id: `strange-${count}`, performed: '2025-12-01' });
      }
      assert.deepEqual(await readsOf(hierarchy), before);
    });
  });

  describe('by statements', () => {
    it('holds until a suspension takes effect that was dated far ahead', async () => {
      hierarchy.addStatement('suspension', ['device', 'working-a'], { effective: '9999-01-01T00:00:00Z' });
      assert.equal(await outcome(), 'TRACEABLE: Traces over 4 levels to nmi-north.');
      hierarchy.addStatement('suspension', ['device', 'working-a'], { author: 'lab-alpha' });
      assert.match(await outcome(), /^FAILED: .*suspended since 2025-12-01T00:00:00Z by lab-alpha/);
    });

    it('listens to nobody but those who are responsible for a subject, and those above them', async () => {
      for (const [kind, id] of [
        ['report', 'working-a-r1'],
        ['device', 'working-a'],
        ['person', 't-lab-alpha'],
        ['organisation', 'lab-alpha'],
      ] as const) {
        hierarchy.addStatement('revocation', [kind, id], { author: 'lab-beta', reason: 'fraud' });
        hierarchy.addStatement('revocation', [kind, id], { author: 'nmi-south', reason: 'fraud' });
        const forged = { author: 'nmi-north', signers: ['officer:nmi-south/officer'] };
        hierarchy.addStatement('revocation', [kind, id], forged);
      }
      assert.equal(await outcome(), 'TRACEABLE: Traces over 4 levels to nmi-north.');
    });

    it('fails for work within a suspension, though it was registered after the suspension was lifted', async () => {
      const span = { author: 'lab-alpha', effective: '2025-05-20T00:00:00Z' };
      hierarchy.addStatement('suspension', ['organisation', 'oem-a'], span);
      hierarchy.addStatement('reinstatement', ['organisation', 'oem-a'], {
        ...span,
        effective: '2025-06-10T00:00:00Z',
        registered: '2025-06-10T00:00:00Z',
      });
      next({ registered: '2025-06-15T00:00:00Z' });
      assert.match(await outcome(), /^FAILED: Organisation oem-a was suspended from 2025-05-20/);
      next({ performed: '2025-06-11', registered: '2025-06-15T00:00:00Z' });
      assert.match(await outcome(), /^TRACEABLE/);
    });
  });

  describe('by dates that the signer chooses', () => {
    const before = { performed: '2025-02-20', registered: '2025-05-10T12:00:00Z' };

    it('is ATTESTED where a standard was retired between the work and its registration', async () => {
      const effective = '2025-03-01T00:00:00Z';
      hierarchy.addStatement('revocation', ['device', 'working-a'], { reason: 'cessation', effective });
      next(before);
      assert.match(await outcome(), /^ATTESTED: Device oem-a\/working-a is revoked .*cessation/);
      next({ performed: '2025-03-02' });
      assert.match(await outcome(), /^FAILED: Device oem-a\/working-a is revoked/);
    });

    it('is ATTESTED where an accreditation ended between the work and its registration', async () => {
      hierarchy.reduce('lab-alpha', { validTo: '2025-03-01', registered: '2025-03-01T00:00:00Z' });
      next({ technician: 't-lab-alpha', parents: ['reference-a-r1'], ...before });
      assert.match(await outcome(), /^ATTESTED: The accreditation of lab-alpha for temperature ended between/);
      next({ technician: 't-lab-alpha', parents: ['reference-a-r1'], performed: '2025-03-02' });
      assert.match(await outcome(), /^INCOMPLETE: Organisation lab-alpha had no accreditation on 2025-03-02/);
    });

    it('an accreditation is not reduced before the day on which the ledger heard of it', async () => {
      hierarchy.reduce('lab-alpha', { validTo: '2025-01-01', registered: '2025-03-01T00:00:00Z' });
      assert.match(await outcome(), /^TRACEABLE/);
    });

    it('is ATTESTED where a standard fell due between the work and its registration, FAILED where before', async () => {
      await hierarchy.addDevice({ id: 'lazy', technician: 't-oem-a', intervalDays: 45 });
      hierarchy.addReport({ id: 'lazy-r1', device: 'lazy', technician: 't-oem-a', parents: ['working-a-r1'] });
      next({ parents: ['lazy-r1'], ...before });
      assert.match(await outcome(), /^ATTESTED: The recalibration of oem-a\/lazy was due on 2025-02-27, between/);
      next({ parents: ['lazy-r1'], performed: '2025-02-28' });
      assert.match(await outcome(), /^FAILED: The recalibration of oem-a\/lazy was due on 2025-02-27/);
    });

    it('is not TRACEABLE about a day before an accident by a report that was filed after it', async () => {
      next({ performed: '2025-02-20', registered: '2025-09-01T00:00:00Z' });
      assert.match(await outcome({ asOf: '2025-03-15T00:00:00Z' }), /^ATTESTED: .*after the moment asked about/);
      assert.match(await outcome(), /^ATTESTED: .*more than 90 days later: it is a transcription/);
    });

    it('tells what was known at a time from what is known today', async () => {
      const march = '2025-03-15T00:00:00Z';
      next({ performed: '2025-02-20', registered: '2025-04-01T00:00:00Z' });
      hierarchy.addStatement('revocation', ['report', 'working-a-r1'], {
        reason: 'calibration-error',
        effective: '2025-01-12T00:00:00Z',
        registered: '2025-07-01T00:00:00Z',
      });
      assert.match(await outcome({ asOf: march }), /^FAILED: .*working-a-r1 is revoked/);
      const then = await hierarchy.trace('sensor-a', { asOf: march, knownAt: march });
      assert.deepEqual([then.status, then.edges[0]?.report, then.knownAt], ['TRACEABLE', 'oem-a/sensor-a-r1', march]);
    });

    it('judges a transcription by the day of the work, and whoever transcribed it by the day of registration', async () => {
      const late = { performed: '2025-02-20', registered: '2025-09-01T00:00:00Z' };
      const effective = '2025-08-01T00:00:00Z';
      hierarchy.addStatement('revocation', ['device', 'working-a'], { reason: 'cessation', effective });
      next(late);
      assert.match(await outcome(), /^ATTESTED: .*it is a transcription, and rests on the word of oem-a\/t-oem-a/);
      hierarchy.addStatement('revocation', ['person', 't-oem-a'], { reason: 'cessation', effective });
      assert.match(await outcome(), /^FAILED: Technician oem-a\/t-oem-a is revoked/);
    });

    it('a report whose digest was anchored in time is dated by its anchor', async () => {
      const payload = hierarchy.payload({
        id: 'next',
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['working-a-r1'],
        performed: '2025-02-20',
      });
      const jws = hierarchy.sign(payload);
      const registered = '2025-09-01T00:00:00Z';
      hierarchy.file(payload, jws, { registered });
      assert.match(await outcome(), /^ATTESTED: .*transcription/);

      const other = hierarchy.recordOf('sensor-a-r1').statement.jws;
      const statements = [other, jws, other];
      const anchor = hierarchy.anchorOf(statements, 1, '2025-02-21T00:00:00Z');
      hierarchy.changeReport('next', (old) => ({ ...old, anchor }));
      assert.match(await outcome(), /^TRACEABLE/);
      for (const wrong of [
        { ...anchor, root: 'c'.repeat(64) },
        { ...anchor, index: 0 },
        { ...anchor, path: anchor.path.slice(1) },
        hierarchy.anchorOf(statements, 0, '2025-02-21T00:00:00Z'),
      ]) {
        hierarchy.changeReport('next', (old) => ({ ...old, anchor: wrong }));
        assert.match(await outcome(), /^ATTESTED: .*transcription/);
      }
    });
  });

  describe('by amendments', () => {
    const amend = (spec: Partial<ReportSpec> = {}) => {
      next({ id: 'amended', supersedes: 'sensor-a-r1', performed: '2025-01-13', ...spec });
    };

    it('a revoked report stays revoked for everything that depends on it, even if it is amended', async () => {
      const again = { id: 'amended', device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
      hierarchy.addStatement('revocation', ['report', 'working-a-r1'], { author: 'nmi-north', reason: 'fraud' });
      hierarchy.addReport({ ...again, supersedes: 'working-a-r1', performed: '2025-01-12' });
      assert.match(await outcome(), /^FAILED: Report lab-alpha\/working-a-r1 is revoked/);
    });

    it('a revoked report stays revoked for its device until the owner accepts another one', async () => {
      hierarchy.addStatement('revocation', ['report', 'sensor-a-r1'], { reason: 'fraud' });
      amend({ accepted: false });
      const { status, edges } = await hierarchy.trace('sensor-a');
      assert.equal(status, 'FAILED');
      assert.ok(edges[0]?.findings.some(({ reason }) => reason.includes('sensor-a-r1 is revoked')));
    });

    it('an amendment withdraws the old report at once, and no older one takes its place', async () => {
      next();
      next({ id: 'newest', supersedes: 'next', accepted: false, performed: AS_OF.slice(0, 10), registered: AS_OF });
      const { status, edges } = await hierarchy.trace('sensor-a');
      assert.deepEqual([status, edges[0]?.report], ['INCOMPLETE', 'oem-a/next']);
    });

    it('a report that is amended more often than is followed fails, and without endless work', async () => {
      let old = 'sensor-a-r1';
      for (let count = 1; count <= 40; count += 1) {
        next({ id: `amended-${count}`, supersedes: old, performed: '2025-01-13', accepted: false });
        old = `amended-${count}`;
      }
      assert.match(await outcome(), /^FAILED: .*amended/);
    });

    it('two reports that amend each other end no trace in a circle', async () => {
      amend();
      hierarchy.changeReport('amended', (old) => ({ ...old, supersededBy: 'oem-a/sensor-a-r1' }));
      assert.match(await outcome(), /^FAILED: .*amend/);
    });

    it('an amendment by another organisation does not count', async () => {
      amend({ technician: 't-lab-alpha', parents: ['reference-a-r1'] });
      hierarchy.changeDevice('sensor-a', (old) => ({ ...old, ownership: old.ownership.slice(0, 1) }));
      assert.match(await outcome(), /^FAILED: Report lab-alpha\/amended amends report .* of another organisation/);
    });
  });

  describe('in the name of others', () => {
    it('knows no device whose owner has not signed', async () => {
      const device = { technician: 't-lab-alpha', owner: 'nmi-north' };
      const report = { technician: 't-lab-alpha', parents: ['reference-a-r1'] };
      for (const [id, owners] of [
        ['unsigned', []],
        ['forged', ['officer:nmi-north/officer=officer:lab-alpha/officer']],
        ['signed', ['officer:nmi-north/officer']],
      ] as const) {
        const signers = ['technician:t-lab-alpha', `device:lab-alpha/${id}`, ...owners];
        await hierarchy.addDevice({ ...device, id, signers });
        hierarchy.addReport({ ...report, id: `${id}-r1`, device: id });
      }
      assert.match(await outcome({}, 'unsigned'), /^FAILED: Nmi-north has not signed that it owns/);
      assert.match(await outcome({}, 'forged'), /^FAILED: Nmi-north has not signed that it owns/);
      assert.match(await outcome({}, 'signed'), /^TRACEABLE/);
    });

    it('knows no organisation that its certifier or it itself has not signed', async () => {
      const spec = { kind: 'OEM', certifiedBy: 'lab-alpha' } as const;
      for (const [id, signers] of [
        ['oem-alone', ['organisation:oem-alone']],
        ['oem-unwilling', ['officer:lab-alpha/officer']],
        ['oem-both', ['organisation:oem-both', 'officer:lab-alpha/officer']],
      ] as const) {
        await hierarchy.addOrganisation({ ...spec, id, signers });
        await hierarchy.addTechnician({ id: `t-${id}`, organisation: id });
        await hierarchy.addDevice({ id: `${id}-d`, technician: `t-${id}`, kind: 'field' });
        const report = { id: `${id}-r`, device: `${id}-d`, technician: `t-${id}` };
        hierarchy.addReport({ ...report, parents: ['working-a-r1'], performed: '2025-06-01' });
      }
      assert.match(await outcome({}, 'oem-alone-d'), /^FAILED/);
      assert.match(await outcome({}, 'oem-unwilling-d'), /^FAILED/);
      assert.match(await outcome({}, 'oem-both-d'), /^TRACEABLE/);
    });

    it('takes intervals from the owner alone', async () => {
      hierarchy.setInterval('sensor-a', 10, { by: 'lab-alpha' });
      hierarchy.setInterval('sensor-a', 10, { signers: ['officer:lab-alpha/officer'] });
      assert.match(await outcome(), /^TRACEABLE/);
      hierarchy.setInterval('sensor-a', 10);
      assert.match(await outcome(), /^FAILED: The recalibration of oem-a\/sensor-a was due/);
    });

    it('takes acceptance from the owner alone, also after a transfer', async () => {
      hierarchy.transfer('sensor-a', 'lab-beta', { signers: ['officer:oem-a/officer'] });
      assert.match(await outcome(), /^TRACEABLE/);
      hierarchy.transfer('sensor-a', 'lab-alpha', { by: 'oem-a', registered: '2025-05-01T00:00:00Z' });
      next({ accepted: false });
      hierarchy.accept('next', { by: 'oem-a' });
      assert.equal((await hierarchy.trace('sensor-a')).edges[0]?.report, 'oem-a/sensor-a-r1');
      hierarchy.accept('next', { signers: ['officer:oem-a/officer'] });
      assert.match(await outcome(), /^INCOMPLETE: The acceptance of report oem-a\/next does not count/);
    });

    it('takes no signature of a key for a role that it was not certified for', async () => {
      const payload = hierarchy.payload({
        id: 'next',
        device: 'sensor-a',
        technician: 'oem-a/officer',
        parents: ['working-a-r1'],
        performed: '2025-06-01',
      });
      const signers = ['technician:oem-a/officer=officer:oem-a/officer', 'device:working-a'];
      hierarchy.file(payload, hierarchy.sign(payload, signers));
      assert.match(await outcome(), /^FAILED: .*technician oem-a\/officer/);
      const spoken = { signers: ['officer:t-oem-a=technician:t-oem-a'] };
      hierarchy.setInterval('sensor-a', 10, spoken);
      hierarchy.addStatement('revocation', ['device', 'working-a'], spoken);
      hierarchy.changeDevice('sensor-a', (old) => ({ ...old, ownership: old.ownership.filter((_, at) => at !== 1) }));
      assert.match(await outcome(), /^TRACEABLE/);
    });
  });

  describe('on the institutes', () => {
    const fall = { author: 'nmi-south', reason: 'key-compromise' } as const;

    it('an institute falls by a majority of the others, with all that it has signed', async () => {
      hierarchy.addStatement('revocation', ['organisation', 'nmi-north'], fall);
      assert.match(await outcome(), /^FAILED: Organisation nmi-north is revoked .* by nmi-south \(key-compromise\)/);
      assert.match(await outcome({}, 'sensor-b'), /^TRACEABLE/);
    });

    it('one other institute alone makes no institute fall, nor does a laboratory beside it', async () => {
      for (const signers of [
        ['officer:nmi-south/officer'],
        ['officer:nmi-south/officer', 'organisation:nmi-south'],
        ['officer:nmi-south/officer', 'officer:lab-beta/officer'],
        ['officer:nmi-south/officer', 'officer:nmi-north/officer'],
      ]) {
        hierarchy.addStatement('revocation', ['organisation', 'nmi-north'], { ...fall, signers });
      }
      assert.match(await outcome(), /^TRACEABLE/);
    });

    it('of two institutes neither removes the other', async () => {
      const two = new Hierarchy();
      await two.found({ institutes: ['nmi-north', 'nmi-south'] });
      await two.addTechnician({ id: 't', organisation: 'nmi-north' });
      const device = await two.addChain(2, 't', 'chain');
      two.addStatement('revocation', ['organisation', 'nmi-north'], {
        ...fall,
        signers: ['officer:nmi-south/officer'],
      });
      assert.equal((await two.trace(device)).status, 'TRACEABLE');
    });

    for (const [signers, status] of [
      [['officer:nmi-south/officer', 'officer:nmi-east/officer'], 'TRACEABLE'],
      [['officer:nmi-south/officer'], 'FAILED'],
      [['officer:nmi-south/officer', 'officer:lab-alpha/officer'], 'FAILED'],
    ] as const) {
      const count = `${signers.length} ${signers.length === 1 ? 'signature' : 'signatures'}`;
      it(`an institute admitted by ${count} of ${signers.join(' and ')} is ${status}`, async () => {
        const all = ['organisation:nmi-west', ...signers];
        await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI', signers: all });
        await hierarchy.addTechnician({ id: 't-west', organisation: 'nmi-west' });
        const device = await hierarchy.addChain(2, 't-west', 'west');
        assert.equal((await hierarchy.trace(device)).status, status);
      });
    }

    it('a founding that one of its institutes has not signed founds nothing', async () => {
      const institutes = ['nmi-north', 'nmi-south', 'nmi-east'];
      const registry = new Hierarchy();
      await registry.found({ institutes, signers: ['organisation:nmi-north', 'organisation:nmi-south'] });
      await registry.addTechnician({ id: 't', organisation: 'nmi-north' });
      const device = await registry.addChain(2, 't', 'chain');
      assert.equal((await registry.trace(device)).status, 'FAILED');
    });

    it('the question decides which roots it trusts', async () => {
      const [root] = (await hierarchy.trace('sensor-a')).roots;
      const [other] = (await hierarchy.trace('sensor-b')).roots;
      assert.match(await outcome({ roots: [other!.sha256, root!.sha256] }), /^TRACEABLE/);
      assert.match(await outcome({ roots: [other!.sha256] }), /^FAILED: The root certificate of nmi-north is not/);
    });
  });

  describe('on the metrology', () => {
    it('is INCOMPLETE and names a narrower question where there is too much to compare', async () => {
      const results = Array.from({ length: 8 }, () => temperatureResult(1, spread(1024)));
      const parents: string[] = [];
      for (let count = 0; count < 16; count += 1) {
        const id = `wide-${count}`;
        await hierarchy.addDevice({ id, technician: 't-oem-a' });
        const report = { id: `${id}-r`, device: id, technician: 't-oem-a', parents: ['working-a-r1'] };
        hierarchy.addReport({ ...report, results: Array.from({ length: 8 }, () => temperatureResult(0.9)) });
        parents.push(`${id}-r`);
      }
      next({ parents, results });
      const { reason } = await hierarchy.trace('sensor-a');
      assert.match(reason, /more results than one trace compares: ask about one value of temperature \(--at \S+\)\.$/);
      const value = Number(/--at (\S+)\)/.exec(reason)?.[1]);
      assert.match(await outcome({ at: { value } }), /^TRACEABLE/);
    });

    it('is not TRACEABLE by a standard that gives a value beyond all numbers', async () => {
      const huge: Result = { ...temperatureResult(1e-12, [1e308]), unit: '\\quetta\\kelvin' };
      await hierarchy.addDevice({ id: 'huge', technician: 't-oem-a' });
      const results = [temperatureResult(0.01), huge];
      hierarchy.addReport({ id: 'huge-r', device: 'huge', technician: 't-oem-a', parents: ['working-a-r1'], results });
      next({ parents: ['huge-r'], results: [temperatureResult(1e-12, [1500])] });
      assert.doesNotMatch(await outcome(), /^TRACEABLE/);
    });

    it('is INCOMPLETE for a report that counts nothing', async () => {
      const values = { ...temperatureResult(1), rows: [{ value: 20, uncertainty: null }] };
      await hierarchy.addDevice({ id: 'new', technician: 't-oem-a', kind: 'field' });
      for (const results of [[], [values]]) {
        hierarchy.addReport({ id: 'new-r', device: 'new', technician: 't-oem-a', parents: ['working-a-r1'], results });
        assert.match(await outcome({}, 'new'), /^INCOMPLETE/);
      }
    });

    it('is INCOMPLETE where a sensor maker without accreditation recalibrates the sensor of another one', async () => {
      hierarchy.addReport({
        id: 'foreign',
        device: 'sensor-b',
        technician: 't-oem-a',
        parents: ['working-a-r1'],
        performed: '2025-06-01',
      });
      assert.match(await outcome({}, 'sensor-b'), /^INCOMPLETE: Organisation oem-a had no accreditation on 2025-06-01/);
    });

    for (const unit of ['\\degreecelsius\\one', '\\degreecelsius\\per\\one', '\\one\\degreecelsius']) {
      it(`does not take ${unit} for a temperature without its offset`, async () => {
        // 20 °C in the child would be 20 K, which the parent's range does not cover, if the offset were lost.
        next({ results: [{ ...temperatureResult(0.5, [20]), unit }] });
        const verdict = await hierarchy.trace('sensor-a');
        const noted = verdict.edges.flatMap(({ findings }) => findings).some(({ check }) => check === 'support');
        assert.ok(verdict.status !== 'TRACEABLE' || !noted, JSON.stringify(verdict.edges[0]));
      });
    }
  });

  describe('on the records', () => {
    it('traces things that are named like what every object has', async () => {
      const odd = new Hierarchy();
      await odd.found({ institutes: ['constructor', 'valueOf'] });
      await odd.addTechnician({ id: 'toString', organisation: 'constructor' });
      for (const id of ['hasOwnProperty', 'isPrototypeOf']) {
        await odd.addDevice({ id, technician: 'toString' });
      }
      odd.addReport({ id: 'toLocaleString', device: 'hasOwnProperty', technician: 'toString' });
      const parents = ['toLocaleString'];
      odd.addReport({ id: 'constructor', device: 'isPrototypeOf', technician: 'toString', parents });
      const { status, edges } = await odd.trace('isPrototypeOf');
      assert.deepEqual([status, edges.length], ['TRACEABLE', 2]);
    });

    it('is never TRACEABLE without a record that it rests on', async () => {
      // One of the institutes may be missing: the others are a majority.
      const needed = (await readsOf(hierarchy)).filter((name) => !/nmi-(south|east)/.test(name));
      assert.ok(needed.length > 15);
      for (const gone of needed) {
        const { status } = await traceWithout(hierarchy, gone);
        assert.notEqual(status, 'TRACEABLE', gone);
      }
    });

    it('finds the same flaws before registration as after it', async () => {
      next({ results: [temperatureResult(1e-9)], accepted: false });
      const reference = { device: 'oem-a/sensor-a', report: 'oem-a/next' };
      const edges = await examineReport(hierarchy, reference, traceOptions({ asOf: AS_OF }));
      const found = edges.flatMap(({ findings }) => findings).map(({ check, outcome: what }) => `${check} ${what}`);
      assert.deepEqual(found, ['support failed']);
    });
  });
});

/** Values from 0 to 100. */
function spread(count: number): readonly number[] {
  return Array.from({ length: count }, (_, place) => (100 * place) / count);
}

/** What a trace of the field sensor reads, but heartbeats, which a trace can do without. */
async function readsOf(hierarchy: Hierarchy): Promise<readonly string[]> {
  const reads: string[] = [];
  await traceThrough(hierarchy, (name) => {
    reads.push(name);
    return true;
  });
  return [...new Set(reads)].filter((name) => !name.startsWith('heartbeat')).sort();
}

function traceWithout(hierarchy: Hierarchy, gone: string): Promise<Verdict> {
  return traceThrough(hierarchy, (name) => name !== gone);
}

/** Traces over a source that answers only what it is told to. */
function traceThrough(hierarchy: Hierarchy, answers: (name: string) => boolean): Promise<Verdict> {
  const source = new Proxy<RecordSource>(hierarchy, {
    get(target, method) {
      const read: unknown = Reflect.get(target, method);
      return typeof read === 'function'
        ? (...ids: string[]): unknown =>
            answers(`${String(method)} ${ids.join(' ')}`)
              ? Reflect.apply(read, target, ids)
              : Promise.resolve(undefined)
        : read;
    },
  });
  return traceCal(source, 'oem-a/sensor-a', traceOptions({ asOf: AS_OF }));
}
