import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { EvidenceAnswer } from '@tracecal/core/contracts';
import { payloadDigest } from '@tracecal/core/signing';
import { sourceOf, traceOptions } from '@tracecal/core/trace';
import {
  affectedValues,
  Calibration,
  momentOf,
  SupportOfValues,
  verifyMeasurement,
} from '@tracecal/gateway-client/device';
import { measurementProofText } from '@tracecal/gateway-client/device';
import type { SignedMeasurement } from '@tracecal/gateway-client/device';
import { BUNDLE_TYPE } from '@tracecal/gateway-client/proof/verify';
import type { Bundle } from '@tracecal/gateway-client/proof/verify';
import { later, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { Instrument } from '../../support/instrument.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { Random } from '../../support/random.js';
import { ask, registryOf, submit } from '../../support/registry.js';
import { runSeed } from '../../support/seed.js';

const DEVICE = 'oem-a/sensor-a';
const DAY_MS = 86_400_000;

describe('The calibration of a device, judged for many values', function () {
  this.timeout(60_000);
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;
  let sensor: Instrument;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    sensor = new Instrument(hierarchy);
  });

  const roots = () => hierarchy.institutes.map((name) => hierarchy.holder('organisation', name).certificateSha256);

  async function bundle(): Promise<Bundle> {
    const { asOf, knownAt, quantity, intervalDays, at } = traceOptions({ asOf: ledger.now });
    const question = { asOf, knownAt, quantity, intervalDays, at };
    const { epoch, evidence } = await ask<EvidenceAnswer>(ledger, 'getEvidence', DEVICE, question);
    return { type: BUNDLE_TYPE, device: DEVICE, question, epoch, evidence };
  }

  async function revokeStandard(effective = ledger.now): Promise<void> {
    const revocation = { reason: 'calibration-error', registered: ledger.now, effective } as const;
    await submit(ledger, hierarchy.addStatement('revocation', ['report', 'working-a-r1'], revocation));
    ledger.now = later(ledger.now, 60);
  }

  /** So many, a second apart, from now on. */
  async function* measured(count: number, valueOf: (place: number) => number): AsyncGenerator<SignedMeasurement> {
    let before: SignedMeasurement | null = null;
    for (let place = 0; place < count; place += 1) {
      const time = momentOf(Date.parse(ledger.now) + 1000 * place);
      before = await sensor.measure(place, before, { time, value: valueOf(place) });
      yield before;
    }
  }

  it('gives for random values at random moments the verdicts that a trace of each of them gives', async () => {
    const random = new Random(runSeed);
    const shown = await bundle();
    const calibration = await Calibration.of(shown, roots());
    for (let count = 0; count < 60; count += 1) {
      const time = momentOf(Date.parse(ledger.now) + Math.floor((random.next() - 0.5) * 900 * DAY_MS));
      const value = Math.round(random.next() * 4000) / 20 - 60;
      const measurement = await sensor.measure(count, null, { time, value });
      const text = measurementProofText({ measurement: measurement.jws, inclusion: null, calibration: shown });
      const [one, other] = await Promise.allSettled([
        calibration.verdictOn(measurement.content),
        verifyMeasurement(text, { roots: roots() }).then(({ verdict }) => verdict),
      ]);
      const statusOf = (answer: typeof one) => (answer.status === 'fulfilled' ? answer.value.status : 'none');
      // A key that did not hold on that day is the measurement's own fault.
      if (other.status === 'fulfilled' || !String(other.reason).includes('is not signed by a key')) {
        assert.equal(statusOf(one), statusOf(other), `${value} at ${time}`);
      }
    }
  });

  it('takes a value in its own unit, not in that of the report', async () => {
    const calibration = await Calibration.of(await bundle(), roots());
    const time = momentOf(Date.parse(ledger.now));
    const statusOf = async (value: number, unit: string) => {
      const { content } = await sensor.measure(0, null, { time, value, unit });
      return (await calibration.verdictOn(content)).status;
    };
    for (const celsius of [20, 21.5, -200]) {
      const expected = await statusOf(celsius, '\\degreecelsius');
      assert.equal(await statusOf(celsius + 273.15, '\\kelvin'), expected, `${celsius} °C in K`);
      assert.equal(await statusOf((celsius + 273.15) * 1000, '\\milli\\kelvin'), expected, `${celsius} °C in mK`);
    }
    assert.equal(await statusOf(20, '\\degreecelsius'), 'TRACEABLE');
    for (const unit of ['\\kelvin', '\\milli\\kelvin']) {
      assert.notEqual(await statusOf(20, unit), 'TRACEABLE', unit);
    }
    const claims = (expanded: number, unit: string) =>
      calibration.whyOverclaimed({
        quantity: 'temperature',
        unit,
        uncertainty: { expanded, coverageFactor: 2, coverageProbability: 0.95 },
      });
    assert.equal(claims(100, '\\kelvin'), null);
    assert.match(claims(1e-6, '\\kelvin') ?? '', /at least/);
    assert.match(claims(1e-3, '\\milli\\kelvin') ?? '', /at least/);
  });

  it('judges values between the same rows and moments once', async () => {
    const calibration = await Calibration.of(await bundle(), roots());
    const count = 500;
    const { supported, ranges } = await affectedValues(
      measured(count, (place) => 18 + place / 100_000),
      calibration,
    );
    assert.equal(supported, count);
    assert.equal(ranges.length, 1);
    assert.ok(calibration.judged < 30, String(calibration.judged));
  });

  it('lists what loses its support when a standard above is found out later, batch by batch, and what keeps it', async () => {
    const all: SignedMeasurement[] = [];
    for await (const each of measured(6, (place) => (place === 4 ? 5000 : 20))) all.push(each);
    const stream = () => Readable.from(all) as AsyncIterable<SignedMeasurement>;
    const rootOf = (sequence: number) => (sequence < 3 ? 'a'.repeat(64) : sequence < 5 ? 'b'.repeat(64) : null);
    const before = await affectedValues(stream(), await Calibration.of(await bundle(), roots()), { rootOf });
    assert.deepEqual(
      before.ranges.map(({ from, to, status, root }) => [from, to, status, root?.[0] ?? null]),
      [
        [0, 2, 'TRACEABLE', 'a'],
        [3, 3, 'TRACEABLE', 'b'],
        [4, 4, 'INCOMPLETE', 'b'],
        [5, 5, 'TRACEABLE', null],
      ],
    );
    ledger.now = later(ledger.now, 3600);
    await revokeStandard();
    const shown = await bundle();
    const after = await affectedValues(stream(), await Calibration.of(shown, roots()), { rootOf });
    assert.deepEqual([after.supported, after.unsupported], [0, 6]);
    assert.deepEqual(
      after.batches.map(({ root, unsupported }) => [root?.[0] ?? null, unsupported]),
      [
        ['a', 3],
        ['b', 2],
        [null, 1],
      ],
    );
    assert.match(after.ranges[0]?.reason ?? '', /working-a-r1 is revoked since .* \(calibration-error\)/);
    const text = measurementProofText({ measurement: all[0]!.jws, inclusion: null, calibration: shown });
    assert.equal((await verifyMeasurement(text, { roots: roots() })).verdict.status, 'FAILED');
  });

  it('supports no value that claims less uncertainty than any row of it', async () => {
    const shown = await bundle();
    const claims = async (expanded: number) => {
      const uncertainty = { expanded, coverageFactor: 2, coverageProbability: 0.95 };
      const time = momentOf(Date.parse(ledger.now));
      const { jws, content } = await sensor.measure(0, null, { time, value: 20, uncertainty });
      const text = measurementProofText({ measurement: jws, inclusion: null, calibration: shown });
      const { overclaimed, notChecked, verdict } = await verifyMeasurement(text, { roots: roots() });
      assert.equal(verdict.status, 'TRACEABLE');
      assert.ok(notChecked.some((line) => line.includes('are not taken out of the value')));
      const support = await new SupportOfValues(await Calibration.of(shown, roots())).of({ content });
      assert.equal(support.isSupported, overclaimed === null);
      return overclaimed;
    };
    assert.equal(await claims(0.5), null);
    assert.match(
      (await claims(1e-6)) ?? '',
      /^It claims an uncertainty of .* and its device's calibration has at least/,
    );
  });

  it('supports no value that was corrected by another report, and says if nobody knows the report', async () => {
    const shown = await bundle();
    const uncertainty = { expanded: 0.5, coverageFactor: 2, coverageProbability: 0.95 };
    const digestOf = async (report: string) =>
      payloadDigest((await sourceOf(shown.evidence).report(report))?.statement.jws ?? assert.fail(report));
    const told = async (report: string, digest?: string) => {
      const corrected = { report, digest: digest ?? (await digestOf(report)) };
      const changes = { value: 20, uncertainty, corrected };
      const { jws, content } = await sensor.measure(0, null, { time: momentOf(Date.parse(ledger.now)), ...changes });
      const text = measurementProofText({ measurement: jws, inclusion: null, calibration: shown });
      const { overclaimed, notChecked, verdict } = await verifyMeasurement(text, { roots: roots() });
      assert.equal(verdict.status, 'TRACEABLE');
      const support = await new SupportOfValues(await Calibration.of(shown, roots())).of({ content });
      assert.equal(support.isSupported, overclaimed === null);
      return [overclaimed, notChecked.filter((line) => line.includes('correction')).join()] as const;
    };
    const own = 'oem-a/sensor-a-r1';
    assert.deepEqual(await told(own), [null, '']);
    assert.match(
      (await told(own, 'a'.repeat(64)))[0] ?? '',
      /corrected by report .*sensor-a-r1, and its digest is not/,
    );
    assert.match((await told('lab-alpha/working-a-r1'))[0] ?? '', /which is about .*working-a/);
    const [overclaimed, open] = await told('oem-a/no-such-report', 'a'.repeat(64));
    assert.equal(overclaimed, null);
    assert.match(open, /names report oem-a\/no-such-report, and the records hold no such report about oem-a\/sensor-a/);
  });
});
