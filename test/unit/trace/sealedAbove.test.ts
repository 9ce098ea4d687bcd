import assert from 'node:assert/strict';
import type { Disclosure, StatementOf, Vouching } from '@tracecal/core/model';
import { traceCal, traceOptions, withDisclosures } from '@tracecal/core/trace';
import type { TraceOptions, Verdict } from '@tracecal/core/trace';
import {
  AS_OF,
  cmcOf,
  Hierarchy,
  temperatureResult,
  temperatureScope,
  transcribing,
  twoCountries,
} from '../../support/hierarchy.js';
import type { Item } from '../../support/hierarchy.js';
import { resultOf, Workshop } from '../../support/workshop.js';

const VOUCHERS = ['lab-beta', 'nmi-east'];
const LATER = { registered: '2025-04-01T12:00:00Z' };
const TEMPERATURE = { sealed: ['temperature'] };

/** What lies above confidential results: changes there, and what a reader of one report alone does not see. */
describe('Confidential results somewhere in a chain', () => {
  let hierarchy: Hierarchy;

  const verdict = (
    device: string,
    disclosures: readonly Disclosure[] = [],
    asked: Partial<TraceOptions> = {},
  ): Promise<Verdict> =>
    traceCal(withDisclosures(hierarchy, disclosures), `oem-a/${device}`, traceOptions({ asOf: AS_OF, ...asked }));

  const status = async (device: string, disclosed: readonly string[] = []): Promise<string> =>
    (
      await verdict(
        device,
        disclosed.flatMap((id) => hierarchy.disclosuresOf(id)),
      )
    ).status;

  async function vouch(id: string, read = [id], word = LATER): Promise<void> {
    for (const voucher of VOUCHERS) await hierarchy.vouch(voucher, id, { read, ...word });
  }

  describe('judged by a review', () => {
    const OFFICER = { signers: ['officer:oem-a/officer2'] };

    beforeEach(async () => {
      hierarchy = await twoCountries();
      await hierarchy.addDevice({ id: 'bench', technician: 't-oem-a' });
      const bench = {
        ...{ device: 'bench', technician: 't-lab-alpha', parents: ['reference-a-r1'], performed: '2025-02-01' },
      };
      hierarchy.addReport({ ...bench, id: 'bench-r1', results: [withError(0.02, 0.01)] });
      hierarchy.addReport({
        ...{ id: 'next', device: 'sensor-a', technician: 't-oem-a', parents: ['bench-r1'], performed: '2025-03-01' },
        ...{ ...TEMPERATURE, results: [withError(0.1, 0.2)] },
      });
      const moved = { supersedes: 'bench-r1', registered: '2025-03-10T00:00:00Z', results: [withError(0.02, 0.05)] };
      hierarchy.addReport({ ...bench, ...moved, id: 'bench-r2' });
      await hierarchy.addOfficer({ id: 'oem-a/officer2', organisation: 'oem-a' });
      hierarchy.review('oem-a', 'bench-r2', ['next'], { ...OFFICER, registered: '2025-05-01T12:00:00Z' });
      await vouch('next', ['next'], { registered: '2025-06-01T12:00:00Z' });
    });

    function withError(expanded: number, error: number) {
      const result = temperatureResult(expanded);
      return { ...result, rows: result.rows.map((row) => ({ ...row, error })) };
    }

    it('are vouched for no longer than the review counts', async () => {
      assert.equal(await status('sensor-a'), 'TRACEABLE');
      hierarchy.addStatement('revocation', ['person', 'oem-a/officer2'], {
        ...{ author: 'oem-a', reason: 'fraud', effective: '2025-04-15T00:00:00Z', signers: ['organisation:oem-a'] },
      });
      assert.equal(await status('sensor-a'), 'INCOMPLETE');
      assert.equal(await status('sensor-a', ['next']), 'INCOMPLETE', 'for whoever sees them, too');
    });
  });

  describe('whose grandparent is amended', () => {
    const above = {
      device: 'reference-a',
      technician: 't-nmi-north',
      parents: ['primary-a-r1'],
      performed: '2025-02-01',
    };

    beforeEach(async () => {
      hierarchy = await twoCountries();
      hierarchy.addReport({ ...above, id: 'g1', results: [temperatureResult(0.1)] });
      const parent = { device: 'working-a', technician: 't-lab-alpha', parents: ['g1'], performed: '2025-02-05' };
      hierarchy.addReport({ ...parent, id: 'p', results: [temperatureResult(0.1)] });
      const child = { device: 'sensor-a', technician: 't-oem-a', parents: ['p'], performed: '2025-02-10' };
      hierarchy.addReport({ ...child, id: 'c', results: [temperatureResult(0.097)], ...TEMPERATURE });
      await vouch('c');
      assert.equal(await status('sensor-a'), 'TRACEABLE');
    });

    it('have to be judged again if that changes what it gives', async () => {
      const amended = { supersedes: 'g1', registered: '2025-03-10T00:00:00Z', results: [temperatureResult(0.103)] };
      hierarchy.addReport({ ...above, ...amended, id: 'g2' });
      assert.equal(await status('working-a'), 'TRACEABLE');
      assert.equal(await status('sensor-a'), 'INCOMPLETE');
      assert.equal(await status('sensor-a', ['c']), 'FAILED');
    });

    it('stay vouched for if that changes only its form', async () => {
      const amended = { supersedes: 'g1', registered: '2025-03-10T00:00:00Z', results: [temperatureResult(0.1)] };
      hierarchy.addReport({ ...above, ...amended, id: 'g2' });
      assert.equal(await status('sensor-a'), 'TRACEABLE');
    });
  });

  it('use the tolerances once, however many levels are confidential', async () => {
    hierarchy = await twoCountries();
    const ids: string[] = ['reference-a-r1'];
    const found: string[] = [];
    for (const [level, expanded] of [0.1, 0.096, 0.0922, 0.0886].entries()) {
      await hierarchy.addDevice({ id: `lv${level}`, technician: 't-oem-a' });
      hierarchy.addReport({
        ...{ id: `r${level}`, device: `lv${level}`, technician: 't-lab-alpha', parents: [ids.at(-1)!] },
        ...{ performed: `2025-02-0${level + 1}`, results: [temperatureResult(expanded)], ...TEMPERATURE },
      });
      ids.push(`r${level}`);
      if (level > 1)
        await assert.rejects(vouch(`r${level}`, ids.slice(-2)), /at all levels; not disclosed: .*\/r0 \(ask/);
      await vouch(`r${level}`, ids.slice(1));
      found.push(await status(`lv${level}`));
    }
    assert.deepEqual(found, ['TRACEABLE', 'TRACEABLE', 'INCOMPLETE', 'INCOMPLETE']);
    assert.equal(await status('lv2', ids.slice(1)), 'FAILED');
  });

  it('leave a public result on a vouched one only what holds whatever lies above', async () => {
    hierarchy = await twoCountries();
    const on = { device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'], performed: '2025-02-05' };
    hierarchy.addReport({ ...on, id: 'p', results: [temperatureResult(0.1)], ...TEMPERATURE });
    await vouch('p');
    await hierarchy.addDevice({ id: 'middle', technician: 't-oem-a', kind: 'standard' });
    const child = { device: 'middle', technician: 't-oem-a', parents: ['p'], results: [temperatureResult(0.1)] };
    hierarchy.addReport({ ...child, id: 'c', performed: '2025-02-10' });
    assert.equal(await status('middle'), 'INCOMPLETE', 'p itself is hidden');
    await vouch('c', ['p']);
    assert.equal(await status('middle'), 'TRACEABLE');
    await hierarchy.addDevice({ id: 'last', technician: 't-oem-a' });
    const last = { device: 'last', technician: 't-oem-a', parents: ['c'] };
    hierarchy.addReport({ ...last, id: 'l1', performed: '2025-02-12', results: [temperatureResult(0.1)] });
    assert.equal(await status('last'), 'TRACEABLE', 'no less than what it rests on');
    hierarchy.addReport({ ...last, id: 'l2', performed: '2025-02-13', results: [temperatureResult(0.097)] });
    assert.equal(await status('last'), 'INCOMPLETE', 'within a tolerance that may be used up');
    const atEdge = temperatureResult(0.1);
    const rows = atEdge.rows.map((row, place) => (place === atEdge.rows.length - 1 ? { ...row, value: 101 } : row));
    hierarchy.addReport({ ...last, id: 'l2b', performed: '2025-02-13', results: [{ ...atEdge, rows }] });
    assert.equal(await status('last'), 'INCOMPLETE', 'at an edge that may be used up');
    assert.equal(await status('last', ['p']), 'TRACEABLE', 'for whoever sees that it is not');
    hierarchy.addReport({ ...last, id: 'l3', performed: '2025-02-14', results: [temperatureResult(0.09)] });
    assert.equal(await status('last'), 'FAILED', 'below it in any case');
  });

  describe('that several standards share', () => {
    const KIND = ['dc-voltage'];
    const FOUR = ['a', 'b', 'c', 'd'];

    async function open(sealed: {
      readonly root: readonly string[];
      readonly others: readonly string[];
    }): Promise<void> {
      const workshop = await Workshop.open();
      ({ hierarchy } = workshop);
      const add = async (id: string, technician: string, parents: readonly string[], more: object) => {
        await hierarchy.addDevice({ id, technician: 't-oem-a', kind: 'standard' });
        hierarchy.addReport({
          id: `${id}-r`,
          device: id,
          technician,
          parents,
          performed: '2025-03-01',
          ...more,
        });
      };
      await add('root', 'all-nmi-north', [], { performed: '2025-02-01', results: [volt(2)], sealed: sealed.root });
      for (const id of FOUR) {
        await add(id, 'all-oem-a', ['root-r'], { results: [volt(2.1)], sealed: sealed.others });
      }
      const uses = FOUR.map((_, source) => ({ source, role: 'reference' as const }));
      const mean = { results: [volt(1.3, { method: 'group', uses })], sealed: sealed.others };
      await add(
        'gain',
        'all-oem-a',
        FOUR.map((id) => `${id}-r`),
        { ...mean, performed: '2025-06-01' },
      );
    }

    function volt(micro: number, support?: object) {
      return resultOf('dc-voltage', [[10, micro * 1e-6]], support as never);
    }

    const late = { registered: '2025-09-01T12:00:00Z' };
    const all = FOUR.map((id) => `${id}-r`);

    it('make no mean of them better, where only their root is confidential', async () => {
      await open({ root: KIND, others: [] });
      await vouch('root-r', ['root-r'], late);
      for (const id of all) await vouch(id, ['root-r'], late);
      assert.equal(await status('a'), 'TRACEABLE');
      assert.equal(await status('gain'), 'INCOMPLETE');
      assert.equal(await status('gain', ['root-r']), 'FAILED');
    });

    it('make no mean of them better, where all are confidential', async () => {
      await open({ root: KIND, others: KIND });
      await vouch('root-r', ['root-r'], late);
      for (const id of all) await vouch(id, [id, 'root-r'], late);
      await assert.rejects(
        vouch('gain-r', ['gain-r', ...all], late),
        /not disclosed: dc-voltage of report nmi-north\/root-r/,
      );
      await vouch('gain-r', ['gain-r', ...all, 'root-r'], late);
      assert.equal(await status('gain'), 'INCOMPLETE');
      assert.equal(await status('gain', ['gain-r', ...all]), 'INCOMPLETE');
      assert.equal(await status('gain', ['gain-r', ...all, 'root-r']), 'FAILED');
    });
  });

  it('are borne by the lines of the laboratory that a trace asks first, not by what strangers granted unasked', async () => {
    hierarchy = new Hierarchy();
    await hierarchy.found({ institutes: ['nmi-north', 'nmi-south', 'nmi-east'], policy: { accreditors: 'either' } });
    const ended = { certifiedBy: 'nmi-north', scopes: [temperatureScope({ validTo: '2025-03-01' })] };
    await hierarchy.addOrganisation({ id: 'lab-alpha', kind: 'LAB', ...ended });
    await hierarchy.addOrganisation({ id: 'lab-beta', kind: 'LAB', certifiedBy: 'nmi-north' });
    await hierarchy.addOrganisation({ id: 'oem-a', kind: 'OEM', certifiedBy: 'lab-alpha' });
    await hierarchy.addOrganisation({ id: 'other-body', kind: 'ACCREDITATION_BODY', certifiedBy: 'nmi-south' });
    for (const organisation of ['nmi-north', 'lab-alpha', 'oem-a']) {
      await hierarchy.addTechnician({ id: `t-${organisation}`, organisation });
    }
    await hierarchy.addDevice({ id: 'reference-a', technician: 't-lab-alpha' });
    await hierarchy.addDevice({ id: 'working-a', technician: 't-oem-a' });
    const root = { device: 'reference-a', technician: 't-nmi-north', parents: [], performed: '2025-01-11' };
    hierarchy.addReport({ ...root, id: 'reference-a-r1', results: [temperatureResult(0.001)] });
    const unasked = { author: 'other-body', registered: '2025-01-20T12:00:00Z' };
    hierarchy.accredit('lab-alpha', [temperatureScope({ cmc: cmcOf(0.0001) })], unasked);
    hierarchy.accredit('lab-alpha', [temperatureScope({ validFrom: '2025-03-01' })], {
      registered: '2025-02-20T12:00:00Z',
    });
    const own = {
      device: 'working-a',
      technician: 't-lab-alpha',
      parents: ['reference-a-r1'],
      performed: '2025-06-01',
    };
    hierarchy.addReport({ ...own, id: 'p', results: [temperatureResult(0.02)], ...TEMPERATURE });
    await vouch('p', ['p'], { registered: '2025-07-01T12:00:00Z' });
    const { institutes } = await verdict('working-a');
    assert.deepEqual(institutes.map(({ organisation }) => organisation).sort(), ['nmi-east', 'nmi-north']);
    hierarchy.addStatement('revocation', ['organisation', 'other-body'], { author: 'nmi-south', reason: 'fraud' });
    assert.equal(await status('working-a'), 'TRACEABLE');
  });

  describe('on the word of two who lie', () => {
    const on = { technician: 't-lab-alpha', device: 'working-a', performed: '2025-06-01' };
    const report = { ...on, parents: ['reference-a-r1'], results: [temperatureResult(0.02)], ...TEMPERATURE };

    /** What two say who name no line of an accreditation. */
    async function lie(id: string, judged: Vouching['judged'] = WITHOUT_LINES): Promise<void> {
      const body = bodyOf(await hierarchy.vouch('lab-beta', id));
      for (const voucher of VOUCHERS) hierarchy.say(voucher, id, { ...body, judged });
    }

    const WITHOUT_LINES: Vouching['judged'] = [{ quantity: 'temperature', outcome: 'sound', lines: [] }];

    function bodyOf({ statement: { payload } }: Item): Vouching {
      return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as StatementOf<'vouching'>).body;
    }

    it('need an accreditation of their laboratory for the kind, which everybody can see', async () => {
      hierarchy = await twoCountries();
      hierarchy.addReport({ ...report, id: 'p' });
      await lie('p');
      assert.equal(await status('working-a'), 'INCOMPLETE');
      await vouch('p', ['p'], { registered: '2025-07-01T12:00:00Z' });
      assert.equal(await status('working-a'), 'TRACEABLE');
    });

    it('need one that had begun with the work', async () => {
      hierarchy = await twoCountries();
      hierarchy.reduce('lab-alpha', { author: 'nmi-north', validTo: '2025-05-31', registered: '2025-05-31T12:00:00Z' });
      hierarchy.accredit('lab-alpha', [temperatureScope({ validFrom: '2025-06-02' })], {
        registered: '2025-05-20T12:00:00Z',
      });
      hierarchy.addReport({ ...report, id: 'later', performed: '2025-06-03' });
      const { judged } = bodyOf(await hierarchy.vouch('lab-beta', 'later'));
      assert.equal(judged[0]?.lines.length, 1);
      hierarchy.addReport({ ...report, id: 'p', begun: '2025-06-01', performed: '2025-06-04' });
      await lie('p', judged);
      assert.notEqual(await status('working-a'), 'TRACEABLE');
      const { edges } = await verdict('working-a');
      assert.equal(edges[0]?.report, 'lab-alpha/p');
      assert.equal(edges[0].outcome, 'missing');
    });

    it('are ATTESTED at most if an institute gives them without a line of its own', async () => {
      hierarchy = await twoCountries();
      const own = { ...on, technician: 't-nmi-north', parents: ['reference-a-r1'], results: [temperatureResult(0.02)] };
      hierarchy.reduce('nmi-north', { author: 'nmi-south', validTo: '2025-05-31', registered: '2025-05-31T12:00:00Z' });
      hierarchy.addReport({ ...own, id: 'i', ...TEMPERATURE });
      await lie('i');
      assert.equal(await status('working-a'), 'ATTESTED');
    });

    it('do not carry a public result on a public reference, beside a confidential influence', async () => {
      hierarchy = await twoCountries();
      hierarchy.addReport({ ...report, id: 'p' });
      await vouch('p', ['p'], { registered: '2025-07-01T12:00:00Z' });
      await hierarchy.addDevice({ id: 'rough', technician: 't-oem-a', kind: 'standard' });
      const open = { technician: 't-lab-alpha', parents: ['reference-a-r1'], performed: '2025-06-01' };
      hierarchy.addReport({ ...open, id: 'q', device: 'rough', results: [temperatureResult(0.5)] });
      for (const role of ['influence', 'check'] as const) {
        const uses = [
          { source: 0, role: 'reference' as const },
          { source: 1, role },
        ];
        const child = { device: 'sensor-a', technician: 't-oem-a', parents: ['q', 'p'], performed: '2025-06-10' };
        const results = [{ ...temperatureResult(0.1), support: { method: 'direct' as const, uses } }];
        hierarchy.addReport({ ...child, id: `on-${role}`, results });
        hierarchy.reject(role === 'check' ? 'on-influence' : 'sensor-a-r1');
        assert.equal((await verdict('sensor-a')).check, 'support', role);
        await lie(`on-${role}`, [{ quantity: 'temperature', outcome: 'sound', lines: [] }]).catch(() => undefined);
        assert.equal(await status('sensor-a'), 'FAILED', role);
      }
    });

    it('are not independent if one of them issued what is hidden above', async () => {
      hierarchy = await twoCountries();
      const above = { technician: 't-lab-beta', parents: ['reference-b-r1'], performed: '2025-06-01' };
      hierarchy.addReport({ ...report, ...above, id: 'p' });
      await hierarchy.vouch('nmi-east', 'p');
      const child = { device: 'sensor-a', technician: 't-oem-a', parents: ['p'], performed: '2025-06-10' };
      hierarchy.addReport({ ...child, id: 'child', results: [temperatureResult(0.1)] });
      hierarchy.reject('sensor-a-r1');
      await hierarchy.vouch('nmi-east', 'child', { read: ['p'] });
      await hierarchy.vouch('lab-beta', 'child', { read: ['p'] });
      assert.equal(await status('sensor-a'), 'ATTESTED');
    });

    it('are not independent if the certificate that is hidden above is that of one of them, whoever transcribed it', async () => {
      hierarchy = await twoCountries();
      const of = { number: 'N-1', laboratory: 'The nmi-east', country: 'DE', issuer: 'nmi-east' };
      hierarchy.addReport({ ...report, id: 'p', parents: [], stated: transcribing(of) });
      for (const confirmer of ['lab-beta', 'nmi-east']) hierarchy.confirm(confirmer, 'p');
      for (const voucher of ['lab-beta', 'nmi-north']) await hierarchy.vouch(voucher, 'p');
      hierarchy.reject('working-a-r1');
      const { status: above, reason } = await verdict('working-a');
      assert.equal(above, 'TRACEABLE', reason);
      const child = { device: 'sensor-a', technician: 't-oem-a', parents: ['p'], performed: '2025-06-10' };
      hierarchy.addReport({ ...child, id: 'child', results: [temperatureResult(0.1)] });
      hierarchy.reject('sensor-a-r1');
      await hierarchy.vouch('nmi-east', 'child', { read: ['p'] });
      await hierarchy.vouch('lab-beta', 'child', { read: ['p'] });
      assert.equal(await status('sensor-a'), 'ATTESTED');
      await hierarchy.vouch('nmi-north', 'child', { read: ['p'] });
      assert.equal(await status('sensor-a'), 'TRACEABLE');
    });

    it('do not hide what everybody sees: that an amended standard moves a public result', async () => {
      hierarchy = await twoCountries();
      hierarchy.addReport({ ...report, id: 'p' });
      await vouch('p', ['p'], { registered: '2025-07-01T12:00:00Z' });
      await hierarchy.addDevice({ id: 'rough', technician: 't-oem-a', kind: 'standard' });
      const erring = (error: number, expanded = 0.02) => {
        const result = temperatureResult(expanded);
        return [{ ...result, rows: result.rows.map((row) => ({ ...row, error })) }];
      };
      const of = { device: 'rough', technician: 't-lab-alpha', parents: ['reference-a-r1'], performed: '2025-06-01' };
      hierarchy.addReport({ ...of, id: 'q', results: erring(0.01) });
      const child = { device: 'sensor-a', technician: 't-oem-a', parents: ['q', 'p'], performed: '2025-06-10' };
      hierarchy.addReport({ ...child, id: 'child', results: erring(0.2, 0.1) });
      hierarchy.reject('sensor-a-r1');
      hierarchy.addReport({
        ...of,
        ...{ id: 'q2', supersedes: 'q', results: erring(0.5), registered: '2025-07-10T00:00:00Z' },
      });
      const body = bodyOf(await hierarchy.vouch('lab-beta', 'child', { read: ['p'] }));
      for (const voucher of VOUCHERS) {
        hierarchy.say(voucher, 'child', {
          ...body,
          judged: [{ quantity: 'temperature', outcome: 'sound', lines: [] }],
        });
      }
      const { status: found, check, reason } = await verdict('sensor-a');
      assert.deepEqual([found, check], ['INCOMPLETE', 'amendment'], reason);
      assert.match(reason, /was amended by lab-alpha\/q2, and that moves this value/);
    });

    it('need one for the place of the work', async () => {
      hierarchy = await twoCountries();
      hierarchy.reduce('lab-alpha', { author: 'nmi-north', validTo: '2025-01-31', registered: '2025-01-31T12:00:00Z' });
      const line = temperatureScope({ place: 'laboratory', validFrom: '2025-02-01' });
      hierarchy.accredit('lab-alpha', [line], { registered: '2025-02-01T12:00:00Z' });
      hierarchy.addReport({ ...report, id: 'inside' });
      const { judged } = bodyOf(await hierarchy.vouch('lab-beta', 'inside'));
      hierarchy.addReport({ ...report, id: 'p', performed: '2025-06-20', stated: { place: 'on-site' } });
      hierarchy.reject('inside');
      await lie('p', judged);
      assert.equal(await status('working-a'), 'INCOMPLETE');
    });

    it('need one that lasted until the end of the work', async () => {
      hierarchy = await twoCountries();
      hierarchy.reduce('lab-alpha', { author: 'nmi-north', validTo: '2025-05-31', registered: '2025-05-31T12:00:00Z' });
      hierarchy.addReport({ ...report, id: 'p' });
      await lie('p');
      assert.equal(await status('working-a'), 'INCOMPLETE');
    });
  });

  it('fulfil no requirement of their owner by a part that their issuer chose', async () => {
    hierarchy = await twoCountries();
    const limits = { kind: 'tolerance', lower: [-1, -1, -1], upper: [1, 1, 1] };
    const named = (name: string, error: number, overall: 'pass' | 'fail') => {
      const result = temperatureResult(0.02);
      const rows = result.rows.map((row) => ({ ...row, error }));
      return { ...result, name, rows, conformity: { of: 'error', limits, overall } };
    };
    const on = { device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'], performed: '2025-06-03' };
    const results = [named('bath', 0.01, 'pass'), named('air', 5, 'fail')];
    hierarchy.addReport({ ...on, id: 'two', results, ...TEMPERATURE } as never);
    hierarchy.reject('working-a-r1');
    hierarchy.require('oem-a', { conformity: 'conforms' });
    const chosen = hierarchy.disclosuresOf('two', ({ name }) => name === 'bath');
    const { requirements } = await verdict('working-a', chosen);
    assert.equal(requirements?.fulfilled, false);
    assert.match(requirements.unmet[0]?.reason ?? '', /only a part of it was disclosed, .* ask lab-alpha for a whole/);
  });
});
