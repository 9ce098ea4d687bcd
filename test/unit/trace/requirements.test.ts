import assert from 'node:assert/strict';
import type { Requirements, Uncertainty } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import {
  cmcOf,
  later,
  massResult,
  paperParent,
  temperatureResult,
  temperatureScope,
  twoCountries,
} from '../../support/hierarchy.js';
import type { Hierarchy, ReportSpec } from '../../support/hierarchy.js';
import { resultOf, Workshop } from '../../support/workshop.js';

const EARLY = '2024-12-02T00:00:00Z';

// The sensor was calibrated on 2025-01-13; traces ask about 2026-01-01, 353 days later.
describe('When a device is due by what its owner requires', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  const require = (body: Requirements, registered = EARLY) => hierarchy.require('oem-a', body, { registered });
  const trace = (options: Readonly<Record<string, unknown>> = {}) => hierarchy.trace('sensor-a', options);
  /** How the temperature of the sensor stands, and when it is due. */
  async function due(options: Readonly<Record<string, unknown>> = {}) {
    const verdict = await trace(options);
    const [result] = verdict.results;
    assert.deepEqual(verdict.due, result?.due);
    return [verdict.status, result?.due.date, result?.due.by, result?.due.state];
  }
  /** A second kind of the same sensor, calibrated on the same day. */
  const calibrateMass = async () => {
    await hierarchy.addDevice({ id: 'kilogram', technician: 't-nmi-north' });
    const root = { id: 'kilogram-r1', device: 'kilogram', technician: 't-nmi-north', results: [massResult(0.001)] };
    hierarchy.addReport(root);
    const both = [massResult(0.01), temperatureResult(0.01)];
    const report = { id: 'both', device: 'sensor-a', technician: 't-oem-a', performed: '2025-01-13' };
    hierarchy.addReport({ ...report, parents: ['working-a-r1', 'kilogram-r1'], results: both });
  };

  it('nobody says when, where there is no interval', async () => {
    assert.deepEqual(await due(), ['TRACEABLE', null, null, null]);
  });

  it('it is the interval of its kind, or else that of all kinds', async () => {
    require({ intervalDays: 100, intervals: [{ quantity: 'temperature', days: 400 }] });
    assert.deepEqual(await due(), ['TRACEABLE', '2026-02-17', 'owner', 'valid']);
    require({ intervalDays: 100, intervals: [{ quantity: 'mass', days: 400 }] });
    assert.deepEqual(await due(), ['FAILED', '2025-04-23', 'owner', 'overdue']);
  });

  it('each kind has a day of its own, and only what is overdue fails', async () => {
    await calibrateMass();
    require({ intervalDays: 400, intervals: [{ quantity: 'mass', days: 300 }] });
    const { status, results, due: first, edges } = await trace();
    assert.equal(status, 'FAILED');
    const standing = results.map((each) => [each.quantity, each.status, each.due.date, each.due.state]);
    assert.deepEqual(standing.sort(), [
      ['mass', 'FAILED', '2025-11-09', 'overdue'],
      ['temperature', 'TRACEABLE', '2026-02-17', 'valid'],
    ]);
    assert.equal(first?.date, '2025-11-09');
    const [finding] = edges[0]?.findings ?? [];
    assert.equal(finding?.quantity, 'mass');
    assert.match(finding.reason, /was due on 2025-11-09, .* \(mass\)\.$/);
    assert.equal((await trace({ quantity: 'temperature' })).status, 'TRACEABLE');
  });

  it("a device's own interval goes before what its owner requires of all", async () => {
    require({ intervalDays: 100, intervals: [{ quantity: 'temperature', days: 90 }] });
    hierarchy.setInterval('sensor-a', 380, { registered: EARLY });
    assert.deepEqual(await due(), ['TRACEABLE', '2026-01-28', 'device', 'due-soon']);
  });

  it('the interval of the asker takes precedence over all others', async () => {
    require({ intervalDays: 100, graceDays: 300 });
    assert.deepEqual(await due({ intervalDays: 365 }), ['TRACEABLE', '2026-01-13', 'question', 'due-soon']);
    const { status, requirements } = await trace({ intervalDays: 350 });
    assert.equal(status, 'FAILED', 'the grace of the owner is not that of the asker');
    assert.deepEqual(
      requirements?.unmet.map(({ requirement }) => requirement),
      ['status'],
    );
  });

  for (const [whose, set] of [
    ['of all its devices', () => require({ intervalDays: 100 })],
    ['of its kind', () => require({ intervals: [{ quantity: 'temperature', days: 100 }] })],
    ['of the device itself', () => hierarchy.setInterval('sensor-a', 100, { registered: EARLY })],
  ] as const) {
    it(`the interval of the asker does not fulfil that of its owner ${whose}`, async () => {
      set();
      const { status, requirements } = await trace({ intervalDays: 400 });
      assert.equal(status, 'TRACEABLE');
      assert.equal(requirements?.fulfilled, false);
      assert.match(requirements.unmet[0]?.reason ?? '', /was due on 2025-04-23, but report/);
      assert.equal(requirements.unmet[0]?.requirement, 'interval');
    });
  }

  it('its owner says how early it is due soon', async () => {
    require({ intervalDays: 400, dueSoonDays: 47 });
    assert.equal((await due())[3], 'due-soon');
    require({ intervalDays: 400, dueSoonDays: 46 });
    assert.equal((await due())[3], 'valid');
  });

  it('within its grace it is overdue with a note, after it fails', async () => {
    require({ intervalDays: 350, graceDays: 3 });
    const { status, results, edges, requirements } = await trace();
    assert.equal(status, 'TRACEABLE');
    assert.equal(results[0]?.due.state, 'overdue');
    assert.equal(results[0].due.graceUntil, '2026-01-01');
    assert.match(edges[0]?.findings[0]?.reason ?? '', /within its owner's grace until 2026-01-01\.$/);
    assert.equal(requirements?.fulfilled, true);

    const after = await trace({ asOf: '2026-01-02T00:00:00Z' });
    assert.equal(after.status, 'FAILED');
    assert.deepEqual(
      after.requirements?.unmet.map(({ requirement }) => requirement),
      ['interval'],
    );
  });

  it('what is done with an overdue standard fails, by the interval of its owner', async () => {
    require({ intervalDays: 100, graceDays: 10 });
    const report = { device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
    const recalibrated = async (performed: string) => {
      hierarchy.addReport({ ...report, id: `on-${performed}`, performed });
      const { edges } = await trace({ asOf: `${performed}T23:00:00Z` });
      return edges.flatMap(({ findings }) => findings.filter(({ check }) => check === 'interval'));
    };
    // The standard was calibrated on 2025-01-12.
    assert.deepEqual(await recalibrated('2025-04-22'), []);
    assert.equal((await recalibrated('2025-05-02'))[0]?.outcome, 'note');
    assert.equal((await recalibrated('2025-05-03'))[0]?.outcome, 'failed');
  });
});

describe("An owner's requirements, under attacks on the time at which they count", () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  const statusOn = async (asOf: string, options: Readonly<Record<string, unknown>> = {}) =>
    (await hierarchy.trace('sensor-a', { asOf, ...options })).status;
  const [JUNE, DECEMBER] = ['2025-06-01T00:00:00Z', '2025-12-01T00:00:00Z'];
  const say = (owner: string, days: number, registered: string, more: object = {}) =>
    hierarchy.require(owner, { intervalDays: days }, { registered, ...more });

  it('looser words after an accident do not change the day of the accident', async () => {
    say('oem-a', 100, EARLY);
    say('oem-a', 1000, DECEMBER);
    assert.equal(await statusOn(JUNE), 'FAILED');
    assert.equal(await statusOn(later(DECEMBER, 1)), 'TRACEABLE');
    assert.equal(await statusOn(later(DECEMBER, 1), { knownAt: JUNE }), 'FAILED');
  });

  it('looser words do not save what was calibrated with an overdue standard before, nor meanwhile', async () => {
    say('oem-a', 100, EARLY);
    const report = { device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
    hierarchy.addReport({ ...report, id: 'before', performed: '2025-06-01' });
    hierarchy.addReport({ ...report, id: 'meanwhile', begun: '2025-06-01', performed: '2025-06-20' });
    say('oem-a', 1000, '2025-06-10T00:00:00Z');
    const { edges } = await hierarchy.trace('sensor-a');
    const standard = edges.find(({ child, device }) => child === 'oem-a/meanwhile' && device === 'oem-a/working-a');
    assert.equal(standard?.outcome, 'failed');
    hierarchy.reject('meanwhile');
    assert.equal(await statusOn(later(DECEMBER, 1)), 'FAILED');
  });

  it('what is signed with an early date counts from when the ledger took it in', async () => {
    say('oem-a', 100, EARLY);
    say('oem-a', 1000, DECEMBER, { date: '2024-12-03T00:00:00Z' });
    assert.equal(await statusOn(JUNE), 'FAILED');
  });

  it('a buyer brings what it requires, from the sale on only, and what the seller required ends', async () => {
    say('oem-a', 100, EARLY);
    say('oem-b', 1000, EARLY);
    hierarchy.transfer('sensor-a', 'oem-b', { registered: DECEMBER });
    assert.equal(await statusOn(JUNE), 'FAILED');
    assert.equal(await statusOn(later(DECEMBER, 1)), 'TRACEABLE');
    say('oem-b', 50, later(DECEMBER, 100));
    assert.equal(await statusOn(later(DECEMBER, 50)), 'TRACEABLE');
    assert.equal(await statusOn(later(DECEMBER, 200)), 'FAILED');
    say('oem-a', 10_000, later(DECEMBER, 300));
    assert.equal(await statusOn(later(DECEMBER, 400)), 'FAILED', 'the seller has no say any more');
  });

  it('of two in the same second the later number counts, whatever the order in which they are filed', async () => {
    say('oem-a', 1000, EARLY);
    say('oem-a', 100, EARLY);
    assert.equal(await statusOn(JUNE), 'FAILED');
    hierarchy.changeOrganisation('oem-a', (record) => ({
      ...record,
      requirements: record.requirements.toReversed(),
    }));
    assert.equal(await statusOn(JUNE), 'FAILED');
  });

  it('an older one that is filed again after the newer does not count', async () => {
    say('oem-a', 1000, EARLY);
    say('oem-a', 100, later(EARLY, 60));
    hierarchy.changeOrganisation('oem-a', (record) => ({
      ...record,
      requirements: [...record.requirements, { ...record.requirements[0]!, registered: hierarchy.stamp(JUNE) }],
    }));
    assert.equal(await statusOn(later(JUNE, 60)), 'FAILED');
  });

  it("nobody else sets an owner's requirements", async () => {
    say('oem-a', 100, EARLY);
    say('oem-a', 1000, later(EARLY, 60), { by: 'lab-alpha' });
    assert.equal(await statusOn(JUNE), 'FAILED');
    say('oem-a', 1000, later(EARLY, 60), { signers: ['officer:lab-alpha/officer'] });
    assert.equal(await statusOn(JUNE), 'FAILED');
    say('oem-b', 1000, later(EARLY, 60));
    const [foreign] = hierarchy.organisations.get('oem-b')?.requirements ?? [];
    hierarchy.changeOrganisation('oem-a', (record) => ({
      ...record,
      requirements: [...record.requirements, foreign!],
    }));
    assert.equal(await statusOn(JUNE), 'FAILED');
  });

  it('statements that were sound at registration stay valid, whatever is stated about their signer later', async () => {
    say('oem-a', 100, EARLY);
    hierarchy.addStatement('revocation', ['person', 'oem-a/officer'], { reason: 'fraud', effective: EARLY });
    const { due } = await hierarchy.trace('sensor-a', { asOf: JUNE });
    assert.equal(due?.date, '2025-04-23');
  });

  it('whose institute is not trusted has no say that goes unseen', async () => {
    const { sha256 } = (await hierarchy.trace('sensor-a')).roots[0]!;
    hierarchy.transfer('sensor-a', 'oem-b', { registered: JUNE });
    const sold = await hierarchy.trace('sensor-a', { roots: [sha256] });
    assert.equal(sold.status, 'FAILED', 'the buyer set the interval of the device to none');
    const { institutes } = await hierarchy.trace('sensor-a', { intervalDays: 3000 });
    assert.deepEqual(
      institutes.map(({ organisation }) => organisation),
      ['nmi-north'],
    );
    say('oem-b', 1000, later(JUNE, 60));
    const asked = await hierarchy.trace('sensor-a', { intervalDays: 3000 });
    assert.deepEqual(
      asked.institutes.map(({ organisation }) => organisation),
      ['nmi-north', 'nmi-south'],
    );
  });
});

describe("An owner's requirements besides the status", () => {
  let workshop: Workshop;
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    workshop = await Workshop.open();
    ({ hierarchy } = workshop);
  });

  const require = (body: Requirements, owner = 'oem-a') => hierarchy.require(owner, body, { registered: EARLY });
  const unmet = ({ requirements }: Verdict) =>
    requirements?.unmet.map(({ requirement, reason }) => `${requirement}: ${reason}`);

  /** A certificate of an accredited laboratory that names no standard of the ledger. */
  async function imported(spec: Partial<ReportSpec> = {}, owner = 'oem-a'): Promise<void> {
    await hierarchy.addDevice({ id: 'old', technician: `t-${owner}` });
    const report = { id: 'old-r', device: 'old', technician: 'all-lab-alpha', performed: '2025-06-01' };
    const { body, ...payload } = hierarchy.payload({ results: [massResult(0.001)], ...report, ...spec });
    const certificate = { number: 'A-1', laboratory: 'Lab-Alpha', country: 'DE' };
    const claim = { certificate, accredited: { body: 'DAkkS', number: 'D-K-1' } };
    const statement = { ...payload, body: { ...body, ...claim } };
    hierarchy.file(statement, hierarchy.sign(statement), spec);
  }

  it('what is traceable fulfils what nobody has said, with the owner named', async () => {
    const { requirements } = await hierarchy.trace('sensor-a');
    assert.deepEqual(requirements, { owner: 'oem-a', number: null, fulfilled: true, unmet: [] });
    assert.equal((await hierarchy.trace('nobody/none')).requirements, null);
  });

  for (const [accreditation, status, fulfilled] of [
    [undefined, 'ATTESTED', false],
    ['attested', 'ATTESTED', false],
    ['accept', 'ATTESTED', true],
    ['refuse', 'INCOMPLETE', false],
  ] as const) {
    it(`an accreditation is ${status} where the owner says ${accreditation ?? 'nothing'}, and ${fulfilled ? 'fulfils' : 'does not fulfil'} it`, async () => {
      await imported();
      require(accreditation === undefined ? {} : { accreditation });
      const verdict = await hierarchy.trace('old');
      assert.equal(verdict.status, status);
      assert.equal(verdict.results[0]?.status, status);
      assert.equal(verdict.requirements?.fulfilled, fulfilled);
      const told = accreditation === 'refuse' ? /^accreditation: / : /^status: It is ATTESTED: .* DAkkS D-K-1\.$/;
      assert.equal(unmet(verdict)?.length, fulfilled ? 0 : 1);
      unmet(verdict)?.forEach((each) => {
        assert.match(each, told);
      });
    });
  }

  it('an accreditation that is accepted is no word of a transcriber, which is named first', async () => {
    await imported({ registered: '2025-12-30T00:00:00Z' });
    require({ accreditation: 'accept' });
    const verdict = await hierarchy.trace('old');
    assert.equal(verdict.status, 'ATTESTED');
    assert.equal(verdict.check, 'transcription');
    assert.equal(verdict.requirements?.fulfilled, false);
  });

  it('an accreditation that is accepted is no certificate on paper, in whatever order they are named', async () => {
    await imported();
    const uncertainty = { expanded: 1e-6, coverageFactor: 2, coverageProbability: 0.95 };
    const paper = paperParent('K-9', [{ quantity: 'mass', unit: '\\kilogram', min: 0, max: 10, uncertainty }]);
    const spec = { results: [massResult(0.1)], performed: '2025-07-01' };
    await workshop.device('new', { ...spec, parents: ['old-r', paper] });
    await workshop.device('sound', { ...spec, parents: ['old-r'] });
    require({ accreditation: 'accept' });
    const verdict = await hierarchy.trace('new');
    assert.deepEqual([verdict.status, verdict.check], ['ATTESTED', 'paper-certificate']);
    assert.equal(verdict.requirements?.fulfilled, false);
    assert.equal((await hierarchy.trace('sound')).requirements?.fulfilled, true);
  });

  it('an accreditation is accepted or refused by the owner of the traced device, not of a standard', async () => {
    await imported({}, 'oem-b');
    await workshop.device('new', { parents: ['old-r'], results: [massResult(0.1)], performed: '2025-07-01' });
    require({ accreditation: 'refuse' }, 'oem-b');
    assert.equal((await hierarchy.trace('old')).status, 'INCOMPLETE');
    assert.equal((await hierarchy.trace('new')).status, 'ATTESTED');
    require({ accreditation: 'refuse' });
    const verdict = await hierarchy.trace('new');
    assert.equal(verdict.status, 'INCOMPLETE');
    assert.match(verdict.reason, /oem-a, which owns the traced device, requires the chain itself\.$/);
  });

  it('what ends at an accreditation is as fresh as the institutes know on whose word it rests', async () => {
    await imported();
    const freshness = { now: '2026-01-01T12:00:00Z', maxAgeSeconds: 43_200 };
    const asked = await hierarchy.trace('old', { freshness });
    assert.deepEqual([asked.status, asked.heartbeats.map(({ institute }) => institute)], ['ATTESTED', ['nmi-north']]);
    require({ maxAgeSeconds: 43_200, accreditation: 'accept' });
    assert.equal((await hierarchy.trace('old')).requirements?.fulfilled, true);
    const late = await hierarchy.trace('old', { freshness: { ...freshness, maxAgeSeconds: 43_199 } });
    assert.equal(late.check, 'freshness');
  });

  it('conformity has to be stated, or hold', async () => {
    const [row] = massResult(0.01).rows;
    const measured = (error: number, more: object = {}) => ({
      ...massResult(0.01),
      rows: [{ ...row!, error }],
      conformity: {
        of: 'error' as const,
        limits: { kind: 'tolerance' as const, lower: [-0.05], upper: [0.05] },
        ...more,
      },
    });
    await workshop.device('plain', { parents: ['kilogram-r1'], results: [massResult(0.01)] });
    await workshop.device('good', { parents: ['kilogram-r1'], results: [measured(0.02)] });
    await workshop.device('bad', { parents: ['kilogram-r1'], results: [measured(0.09)] });

    require({ conformity: 'stated' });
    assert.match(
      unmet(await hierarchy.trace('plain'))?.[0] ?? '',
      /^conformity: .* says nothing about conformity, and oem-a requires a statement/,
    );
    assert.deepEqual(unmet(await hierarchy.trace('good')), []);
    assert.deepEqual(unmet(await hierarchy.trace('bad')), []);
    require({ conformity: 'conforms' });
    assert.deepEqual(unmet(await hierarchy.trace('good')), []);
    const bad = await hierarchy.trace('bad');
    assert.match(unmet(bad)?.[0] ?? '', /does not conform, and oem-a requires that it conforms\.$/);
    assert.equal(bad.status, 'TRACEABLE', 'conformity stands beside the status');
    assert.equal(bad.requirements?.fulfilled, false);

    // (0.05 + 0.05) / (2 x 0.01)
    require({ minimumTur: 5 });
    const good = await hierarchy.trace('good');
    assert.equal(good.results[0]?.tur, 5);
    assert.deepEqual(unmet(good), []);
    require({ minimumTur: 5.01 });
    assert.match(
      unmet(await hierarchy.trace('good'))?.[0] ?? '',
      /^tur: .* ratio of 5, and oem-a requires at least 5\.01\.$/,
    );
    assert.match(unmet(await hierarchy.trace('plain'))?.[0] ?? '', /gives no test uncertainty ratio/);
  });

  it('the status is named where nothing else is wrong', async () => {
    require({ intervalDays: 400 });
    assert.deepEqual(unmet(await hierarchy.trace('sensor-a')), []);
    hierarchy.reports.delete('lab-alpha/working-a-r1');
    const verdict = await hierarchy.trace('sensor-a');
    assert.deepEqual(unmet(verdict), [`status: It is ${verdict.status}: ${verdict.reason}`]);
    assert.equal(verdict.requirements?.fulfilled, false);
  });

  it('a heartbeat does not count if another institute has signed a different digest', async () => {
    await hierarchy.addDevice({ id: 'both', technician: 't-oem-a' });
    const parents = ['working-a-r1', 'working-b-r1'];
    hierarchy.addReport({ id: 'both-r', device: 'both', technician: 't-oem-a', parents, performed: '2025-03-01' });
    require({ maxAgeSeconds: 43_200 });
    const told = async () =>
      (unmet(await hierarchy.trace('both')) ?? []).filter((each) => each.startsWith('freshness'));
    assert.deepEqual(await told(), []);
    hierarchy.addHeartbeat('nmi-south', { digest: 'ab'.repeat(32) });
    assert.match((await told()).join(), /^freshness: Institutes .* have signed different digests of epoch 0\.$/);
  });

  it('a note of a check that has to be strict is unmet', async () => {
    require({ intervalDays: 350, graceDays: 30 });
    assert.equal((await hierarchy.trace('sensor-a')).requirements?.fulfilled, true);
    require({ intervalDays: 350, graceDays: 30, strict: ['interval'] });
    const verdict = await hierarchy.trace('sensor-a');
    assert.equal(verdict.status, 'TRACEABLE');
    assert.match(unmet(verdict)?.[0] ?? '', /^strict: The recalibration of oem-a\/sensor-a was due/);
    assert.equal(verdict.requirements?.fulfilled, false);
  });

  it('an uncertainty just below the CMC is a note, which a strict check does not accept', async () => {
    const scope = { quantity: 'dc-voltage', unit: '\\volt', min: 0, max: 10, cmc: cmcOf(1e-3) };
    hierarchy.accredit('lab-alpha', [temperatureScope(scope)]);
    const standard = await workshop.standard('s', resultOf('dc-voltage', [[0, 1e-6], [10, 1e-6]])); // prettier-ignore
    for (const [id, u, fulfilled] of [
      ['above', 0.5e-3, true],
      ['below', 0.48e-3, false],
    ] as const) {
      // prettier-ignore
      const spec = { technician: 'all-lab-alpha', parents: [standard], results: [resultOf('dc-voltage', [[1, u]])] };
      await workshop.device(id, spec);
      require({ strict: ['scope'] });
      const verdict = await hierarchy.trace(id);
      assert.equal(verdict.status, 'TRACEABLE');
      assert.equal(verdict.requirements?.fulfilled, fulfilled, id);
      assert.match(unmet(verdict)?.[0] ?? '', fulfilled ? /^$/ : /^strict: .*but only within rounding/);
    }
  });

  it('a value just outside the calibrated range is a note, which a strict check does not accept', async () => {
    const standard = await workshop.standard('s', resultOf('dc-voltage', [[0, 1e-6], [10, 1e-6]])); // prettier-ignore
    require({ strict: ['support'] });
    for (const [id, value, fulfilled] of [
      ['in', 10, true],
      ['out', 10.15, false],
    ] as const) {
      // prettier-ignore
      await workshop.device(id, { parents: [standard], results: [resultOf('dc-voltage', [[value, 2e-6]])] });
      const verdict = await hierarchy.trace(id);
      assert.equal(verdict.status, 'TRACEABLE');
      assert.equal(verdict.requirements?.fulfilled, fulfilled, id);
    }
  });

  it('every row has to reach the test uncertainty ratio, also where nobody can tell it', async () => {
    const [row] = massResult(0.01).rows;
    const measured = (...limits: readonly (readonly [lower: number | null, upper: number | null])[]) => ({
      ...massResult(0.01),
      rows: limits.map(() => ({ ...row!, error: 0 })),
      conformity: {
        of: 'error' as const,
        limits: {
          kind: 'tolerance' as const,
          lower: limits.map(([lower]) => lower),
          upper: limits.map(([, upper]) => upper),
        },
      },
    });
    require({ minimumTur: 4 });
    for (const [id, fulfilled, ...limits] of [
      ['good', true, [-0.05, 0.05], [-0.04, 0.04]],
      ['worse', false, [-0.05, 0.05], [-0.03, 0.03]],
      ['one-sided', false, [-0.05, 0.05], [null, 0.05]],
      ['unlimited', false, [-0.05, 0.05], [null, null]],
    ] as const) {
      await workshop.device(id, { parents: ['kilogram-r1'], results: [measured(...limits)] });
      assert.equal((await hierarchy.trace(id)).requirements?.fulfilled, fulfilled, id);
    }
  });

  it('a probability that contradicts its coverage factor improves no test uncertainty ratio', async () => {
    const [row] = massResult(0.02).rows;
    const stated = (coverageFactor: number, coverageProbability: number | null, more: Partial<Uncertainty> = {}) => ({
      ...massResult(0.02),
      rows: [{ ...row!, error: 0, uncertainty: { expanded: 0.02, coverageFactor, coverageProbability, ...more } }],
      conformity: { of: 'error' as const, limits: { kind: 'tolerance' as const, lower: [-0.05], upper: [0.05] } },
    });
    require({ minimumTur: 2.6 });
    for (const [id, tur, result] of [
      ['plain', 2.5, stated(2, 0.95)],
      ['nearly-certain', 2.5, stated(2, 0.9999)],
      ['standard', 1.25, stated(1, 0.95)],
      ['small-k', 1.875, stated(1.5, null)],
      ['rectangular', 1.51934, stated(1, 0.95, { distribution: 'rectangular' })],
      ['large-k', 2.5, stated(10, null)],
      ['few-readings', 1.27556, stated(2, 0.6827)],
    ] as const) {
      await workshop.device(id, { parents: ['kilogram-r1'], results: [result] });
      const verdict = await hierarchy.trace(id);
      assert.equal(Number(verdict.results[0]?.tur?.toPrecision(6)), tur, id);
      assert.equal(verdict.requirements?.fulfilled, false, id);
    }
  });

  it('a statement of conformity that the numbers contradict fulfils nothing', async () => {
    const [row] = massResult(0.01).rows;
    const conformity = {
      of: 'error' as const,
      limits: { kind: 'tolerance' as const, lower: [-0.05], upper: [0.05] },
      stated: ['pass' as const],
    };
    const result = { ...massResult(0.01), rows: [{ ...row!, error: 0.055 }], conformity };
    await workshop.device('d', { parents: ['kilogram-r1'], results: [result] });
    require({ conformity: 'stated' });
    const verdict = await hierarchy.trace('d');
    assert.deepEqual([verdict.status, verdict.requirements?.fulfilled], ['TRACEABLE', false]);
    assert.match(unmet(verdict)?.[0] ?? '', /is contradicted by its numbers, and oem-a requires a statement/);
  });

  it('the newest heartbeat is as recent as the owner wants, however old the asker lets it be', async () => {
    // The institutes signed at the beginning of the day that is asked about, at noon.
    require({ maxAgeSeconds: 43_200 });
    assert.deepEqual(unmet(await hierarchy.trace('sensor-a')), []);
    require({ maxAgeSeconds: 43_199 });
    const now = '2026-01-01T12:00:00Z';
    const verdict = await hierarchy.trace('sensor-a', { freshness: { now, maxAgeSeconds: 1_000_000 } });
    assert.equal(verdict.status, 'TRACEABLE');
    assert.match(
      unmet(verdict)?.[0] ?? '',
      /^freshness: oem-a requires a heartbeat from 2026-01-01T00:00:01Z or later/,
    );
    require({ maxAgeSeconds: 43_200 });
    const late = { now: '2026-01-01T12:00:01Z', maxAgeSeconds: 90_000 };
    const afterwards = await hierarchy.trace('sensor-a', { freshness: late });
    assert.deepEqual(unmet(await hierarchy.trace('sensor-a')), []);
    assert.equal(unmet(afterwards)?.length, 1, 'by the clock of the asker');
    const stricter = await hierarchy.trace('sensor-a', { freshness: { now, maxAgeSeconds: 60 } });
    assert.equal(stricter.status, 'FAILED');
  });
});
