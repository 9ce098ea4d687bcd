import assert from 'node:assert/strict';
import type { ReportAnswer } from '@tracecal/core/contracts';
import { canonicalJson } from '@tracecal/core/model';
import { traceCal, traceOptions } from '@tracecal/core/trace';
import { TraceCal } from '@tracecal/gateway-client';
import type { TraceQuestion, Trust } from '@tracecal/gateway-client';
import { failsWith } from '../../support/clientFailure.js';
import { FakeGateway } from '../../support/fakeGateway.js';
import { temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { reportAnswer } from '../../support/reportAnswer.js';

const SENSOR = 'oem-a/sensor-a';
const OTHER = 'oem-b/sensor-b';
const NOW = '2026-01-01T12:00:00Z';
const QUESTION = { asOf: NOW, knownAt: NOW, quantity: 'temperature', at: { value: 20 } } satisfies TraceQuestion;

/** Nobody signs an answer of a gateway: it may hand out an honest one in the wrong place. */
describe('A gateway that mixes up answers', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  const answering = (answer: unknown) => {
    const { ledger } = new FakeGateway({ evaluate: () => Promise.resolve(Buffer.from(canonicalJson(answer))) });
    return new TraceCal(ledger, 'registry', () => undefined);
  };
  const at = { value: 20, arguments: [] };
  const verdict = (device: string, options = {}) =>
    traceCal(hierarchy, device, traceOptions({ ...QUESTION, at, ...options }));

  it('is believed with the verdict that was asked for', async () => {
    const tracecal = answering(await verdict(SENSOR));
    assert.equal((await tracecal.traceCal(SENSOR, QUESTION)).status, 'TRACEABLE');
  });

  for (const [what, device, options] of [
    ['about another device', OTHER, {}],
    ['of an earlier day', SENSOR, { asOf: '2025-12-31T12:00:00Z' }],
    ['with what was known at another moment', SENSOR, { knownAt: '2025-12-31T12:00:00Z' }],
    ['about all kinds of quantity', SENSOR, { quantity: null }],
    ['about another value', SENSOR, { at: { ...at, value: 0 } }],
  ] as const) {
    it(`is not believed with a verdict ${what}`, async () => {
      const tracecal = answering(await verdict(device, options));
      await assert.rejects(
        tracecal.traceCal(SENSOR, QUESTION),
        failsWith('ANSWER_INVALID', /is not what was asked for/),
      );
    });
  }

  it('is not believed with a verdict that contradicts itself, or of a status that nobody knows', async () => {
    const own = await verdict(SENSOR);
    const fulfilled = { ...own.requirements, fulfilled: true };
    for (const changed of [{ status: 'FAILED' }, { status: 'INCOMPLETE' }, { status: 'GREAT' }]) {
      await assert.rejects(
        answering({ ...own, ...changed, requirements: fulfilled }).traceCal(SENSOR, QUESTION),
        failsWith('ANSWER_INVALID', /the verdict contradicts itself, or is of a kind that is not known here/),
      );
    }
    const odd = answering({ ...own, requirements: { ...own.requirements, fulfilled: 'no' } });
    await assert.rejects(odd.traceCal(SENSOR, QUESTION), failsWith('ANSWER_INVALID', /contradicts itself/));
  });

  it('is not believed with a verdict of another registry than the trust file or the question names', async () => {
    const answer = await verdict(SENSOR);
    const meant = `calibration:${'ab'.repeat(32)}`;
    for (const question of [{ registry: meant }, { roots: trust({ registry: meant }), maxAgeSeconds: 60 }]) {
      await assert.rejects(
        answering(answer).traceCal(SENSOR, { ...QUESTION, ...question }),
        failsWith(
          'INPUT_INVALID',
          /is of registry calibration:\w+, and your trust file or question names calibration:abab/,
        ),
      );
    }
    const own = { roots: trust({ registry: answer.registry }), maxAgeSeconds: 60 };
    assert.equal((await answering(answer).traceCal(SENSOR, { ...QUESTION, ...own })).status, 'TRACEABLE');
  });

  it('is not asked with a trust file that may not be used now', async () => {
    const over = trust({ validity: { from: '2020-01-01T00:00:00Z', to: '2021-01-01T00:00:00Z' } });
    const tracecal = answering(await verdict(SENSOR));
    await assert.rejects(
      tracecal.traceCal(SENSOR, { ...QUESTION, roots: over, maxAgeSeconds: 60 }),
      failsWith('TRUST_INVALID', /may be used from 2020-01-01T00:00:00Z until 2021/),
    );
  });

  const trust = (more: Partial<Trust>): Trust => ({
    type: 'tracecal-trust/1',
    roots: [{ name: 'nmi-a', sha256: 'ab'.repeat(32) }],
    heartbeats: { k: 1 },
    ...more,
  });

  it('is not believed with verdicts about other devices, or of another moment', async () => {
    const summaries = (devices: readonly string[], asOf = NOW, changed = {}) =>
      answering({
        registry: '',
        asOf,
        heartbeats: [],
        digests: [],
        results: devices.map((device) => ({ device, status: 'TRACEABLE', fulfilled: true, ...changed })),
      });
    const devices = [SENSOR, OTHER];
    assert.equal((await summaries(devices).traceMany(devices, NOW)).results.length, 2);
    for (const tracecal of [
      summaries([OTHER, SENSOR]),
      summaries([SENSOR]),
      summaries(devices, '2025-12-31T12:00:00Z'),
    ]) {
      await assert.rejects(tracecal.traceMany(devices, NOW), failsWith('ANSWER_INVALID', /not what was asked for/));
    }
    for (const changed of [{ status: 'FAILED' }, { status: null }, { fulfilled: 'no' }]) {
      await assert.rejects(
        summaries(devices, NOW, changed).traceMany(devices, NOW),
        failsWith('ANSWER_INVALID', /contradicts itself/),
      );
    }
  });

  it('is not believed with another device, organisation or person', async () => {
    const tracecal = answering({ id: 'oem-b/other' });
    for (const asking of [
      tracecal.getDevice(SENSOR),
      tracecal.getOrganisation('oem-a'),
      tracecal.getTechnician('oem-a/t-oem-a'),
    ]) {
      await assert.rejects(asking, failsWith('ANSWER_INVALID', /not what was asked for/));
    }
  });

  describe('gets nobody to accept a report that they have not seen:', () => {
    const REPORT = 'oem-a/sensor-a-r1';
    const asking = (changes: Partial<ReportAnswer>) =>
      answering({ ...reportAnswer(hierarchy, REPORT), ...changes }).getReport(REPORT);
    const refused = (changes: Partial<ReportAnswer>) =>
      assert.rejects(asking(changes), failsWith('ANSWER_INVALID', /not what was asked for, or contradicts itself/));

    it('the report that was asked for is shown', async () => {
      assert.equal((await asking({})).digest, hierarchy.digestOf(REPORT));
    });

    it('another one is not', async () => {
      const other = reportAnswer(hierarchy, 'oem-b/sensor-b-r1');
      await refused(other);
      await refused({ ...other, id: REPORT });
      await refused({ ...other, id: REPORT, record: { ...other.record, id: REPORT } });
    });

    it('nor is one with other results, another content, digest or laboratory than was signed', async () => {
      const { body } = reportAnswer(hierarchy, REPORT);
      await refused({ results: [temperatureResult(0.001)] });
      await refused({ body: { ...body, issued: '2025-12-31' } });
      await refused({ digest: 'ab'.repeat(32) });
      await refused({ organisation: 'nmi-north' });
    });
  });
});
