import assert from 'node:assert/strict';
import type { EvidenceAnswer } from '@tracecal/core/contracts';
import { canonicalJson, RegistryError } from '@tracecal/core/model';
import { traceOptions } from '@tracecal/core/trace';
import { measurementReportText, PLAIN } from '@tracecal/cli';
import { batchOf, measurementProofText, verifyMeasurement } from '@tracecal/gateway-client/device';
import type { Measurement, SignedMeasurement } from '@tracecal/gateway-client/device';
import { BUNDLE_TYPE } from '@tracecal/gateway-client/proof/verify';
import type { Bundle } from '@tracecal/gateway-client/proof/verify';
import { later, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { Instrument } from '../../support/instrument.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { MUTATIONS } from '../../support/mutations.js';
import { Random } from '../../support/random.js';
import { runSeed } from '../../support/seed.js';
import { ask, registryOf, submit } from '../../support/registry.js';

const DEVICE = 'oem-a/sensor-a';

describe('A proved measurement', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;
  let sensor: Instrument;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    sensor = new Instrument(hierarchy);
  });

  async function calibrationOf(device = DEVICE): Promise<Bundle> {
    const { asOf, knownAt, quantity, intervalDays, at } = traceOptions({ asOf: ledger.now });
    const question = { asOf, knownAt, quantity, intervalDays, at };
    const { epoch, evidence } = await ask<EvidenceAnswer>(ledger, 'getEvidence', device, question);
    return { type: BUNDLE_TYPE, device, question, epoch, evidence };
  }

  const asked = () => ({
    roots: hierarchy.institutes.map((name) => hierarchy.holder('organisation', name).certificateSha256),
  });
  const now = () => ledger.now.replace('Z', '.000Z');
  const measured = (changes: Partial<Measurement> = {}, by = sensor): Promise<SignedMeasurement> =>
    by.measure(0, null, { time: now(), value: 20, ...changes });

  async function proofOf(measurement: SignedMeasurement, calibration?: Bundle): Promise<string> {
    const { inclusions } = batchOf([measurement.jws]);
    const inclusion = inclusions[0] ?? assert.fail();
    return measurementProofText({
      measurement: measurement.jws,
      inclusion,
      calibration: calibration ?? (await calibrationOf()),
    });
  }

  const refuses = (text: string, code: string, sentence: RegExp) =>
    assert.rejects(
      verifyMeasurement(text, asked()),
      (error) => error instanceof RegistryError && error.code === code && sentence.test(error.message),
    );

  it('leads offline from one value over its device to the institutes', async () => {
    const measurement = await measured();
    const report = await verifyMeasurement(await proofOf(measurement), { ...asked(), registry: hierarchy.registry });
    assert.deepEqual([report.measurement, report.digest], [measurement.content, measurement.digest]);
    assert.equal(report.verdict.status, 'TRACEABLE', report.verdict.reason);
    assert.match(report.root ?? '', /^[0-9a-f]{64}$/);
    assert.match(report.notChecked.join(), /whether a ledger holds the root/);
  });

  it('says nothing about then by a verdict that is later than the value', async () => {
    const told = async (asOf: string) => {
      const verdict = { status: 'TRACEABLE', asOf, digest: 'a'.repeat(64) } as const;
      const report = await verifyMeasurement(await proofOf(await measured({ verdict })), asked());
      return [measurementReportText(report, PLAIN).replace(/\s+/g, ' '), report.notChecked.join('\n')] as const;
    };
    const [then, unchecked] = await told(ledger.now);
    assert.match(then, /names the verdict that was found last: TRACEABLE, of/);
    assert.doesNotMatch(unchecked, /later than the value/);
    for (const text of await told(later(ledger.now, 1))) {
      assert.match(text, /later than the value/);
      assert.doesNotMatch(text, /found last| then, by the verdict/);
    }
  });

  it('is not checked by a trust file whose time is over, also without a change log', async () => {
    const text = await proofOf(await measured());
    const validity = { from: '2001-01-01T00:00:00Z', to: '2002-01-01T00:00:00Z' };
    await assert.rejects(verifyMeasurement(text, { ...asked(), validity }), /trust file cannot be used now/);
    const lasting = { from: '2001-01-01T00:00:00Z', to: '9998-01-01T00:00:00Z' };
    assert.equal((await verifyMeasurement(text, { ...asked(), validity: lasting })).verdict.status, 'TRACEABLE');
  });

  it('is about this value: outside of the calibration nothing supports it', async () => {
    const { verdict } = await verifyMeasurement(await proofOf(await measured({ value: 5000 })), asked());
    assert.equal(verdict.status, 'INCOMPLETE', verdict.reason);
  });

  it('loses its support when a standard above is found out later', async () => {
    const measurement = await measured();
    const revocation = { reason: 'calibration-error', registered: ledger.now, effective: ledger.now } as const;
    await submit(ledger, hierarchy.addStatement('revocation', ['report', 'working-a-r1'], revocation));
    ledger.now = later(ledger.now, 60);
    const { verdict } = await verifyMeasurement(await proofOf(measurement), asked());
    assert.equal(verdict.status, 'FAILED', verdict.reason);
  });

  it('is refused if another device, another registry or nobody has signed it', async () => {
    const other = new Instrument(hierarchy, 'oem-b/sensor-b');
    await refuses(
      await proofOf(await measured({}, other)),
      'INPUT_INVALID',
      /is of oem-b\/sensor-b, and the calibration of/,
    );
    const stolen = await other.sign(sensor.content(0, { time: now(), value: 20 }), `device:${DEVICE}`);
    const forged = { ...(await measured()), jws: stolen as SignedMeasurement['jws'] };
    await refuses(await proofOf(forged), 'SIGNATURE_INVALID', /not signed by a key/);
    const elsewhere = await measured({ registry: `calibration:${'0'.repeat(64)}` });
    await refuses(await proofOf(elsewhere), 'INPUT_INVALID', /names registry calibration:0/);
    await assert.rejects(
      verifyMeasurement(await proofOf(await measured()), { roots: ['0'.repeat(64)] }).then(({ verdict }) => {
        assert.notEqual(verdict.status, 'TRACEABLE');
        throw new Error('not trusted');
      }),
      /not trusted/,
    );
  });

  it('is refused if its batch does not hold it, or a byte of it was changed', async () => {
    const [measurement, other] = [await measured(), await measured({ value: 21 })];
    const { inclusions } = batchOf([other.jws, other.jws]);
    const calibration = await calibrationOf();
    const elsewhere = measurementProofText({
      measurement: measurement.jws,
      inclusion: inclusions[1] ?? null,
      calibration,
    });
    await refuses(elsewhere, 'INPUT_INVALID', /not in the batch/);
    await refuses(` ${await proofOf(measurement)}`, 'INPUT_INVALID', /not canonical/);
    const text = await proofOf(measurement);
    const own = canonicalJson(measurement.jws);
    const random = new Random(runSeed);
    for (const mutate of Object.values(MUTATIONS)) {
      const broken = Buffer.from(mutate(Buffer.from(own), random, Buffer.from(canonicalJson(other.jws)))).toString(
        'latin1',
      );
      if (broken !== own) {
        await assert.rejects(
          verifyMeasurement(
            text.replace(own, () => broken),
            asked(),
          ),
          RegistryError,
        );
      }
    }
  });
});
