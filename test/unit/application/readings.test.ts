import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TraceCalError } from '@tracecal/gateway-client';
import { ApplicationError, influencesInFile, signReadings } from '@tracecal/gateway-client/application';
import { MeasurementLog, measurementsIn } from '@tracecal/gateway-client/device';
import type { SignedMeasurement } from '@tracecal/gateway-client/device';
import { twoCountries } from '../../support/hierarchy.js';
import { Instrument } from '../../support/instrument.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('Readings that are signed', () => {
  let sensor: Instrument;

  before(async () => {
    sensor = new Instrument(await twoCountries());
  });

  after(removeTemporaryFolders);

  const reading = (value: number, unit = '\\degreecelsius') => JSON.stringify({ quantity: 'temperature', unit, value });

  for (const bad of [reading(3, '\\volt'), 'nonsense']) {
    it(`end with the line that is refused (${bad.slice(0, 8)}), and those before it are in the log and told`, async () => {
      const folder = join(temporaryFolder(), 'log');
      const { registry, device, signer } = sensor;
      const log = await MeasurementLog.open({ folder, registry, device, signer, sync: { every: 100 } });
      const told: number[] = [];
      const lines = [reading(1), reading(2), bad, reading(4), reading(5)];
      await assert.rejects(
        signReadings(log, lines, { onSigned: ({ content }) => void told.push(content.value) }),
        (error) =>
          error instanceof ApplicationError &&
          error.message.startsWith('Reading 3 is not signed: ') &&
          error.message.endsWith('2 are signed.'),
      );
      await log.close();
      const found: number[] = [];
      for await (const { content } of measurementsIn(folder, null)) found.push(content.value);
      assert.deepEqual(
        [told, found],
        [
          [1, 2],
          [1, 2],
        ],
      );
    });
  }

  it('end with the number of the reading where the token fails, too', async () => {
    const { registry, device, signer } = sensor;
    let signed = 0;
    const token = {
      certificate: signer.certificate,
      sign: (bytes: Uint8Array) =>
        (signed += 1) > 2 ? Promise.reject(new Error('the token was removed')) : signer.sign(bytes),
    };
    const log = await MeasurementLog.open({ folder: join(temporaryFolder(), 'log'), registry, device, signer: token });
    await assert.rejects(
      signReadings(
        log,
        [1, 2, 3, 4].map((value) => reading(value)),
      ),
      (error) =>
        error instanceof TraceCalError &&
        error.code === 'SIGNER_INVALID' &&
        /^Reading 3 is not signed: .*the token was removed\. 2 are signed\.$/.test(error.message),
    );
    await log.close();
  });

  describe('after the influences of their conditions', () => {
    const VOLT = '\\volt';
    const CELSIUS = '\\degreecelsius';
    const uncertainty = { expanded: 0.06, coverageFactor: 2, coverageProbability: 0.95 };
    const correction = {
      device: '',
      by: { report: 'lab-alpha/r-1', digest: 'a'.repeat(64) },
      results: [
        {
          name: 'Errors',
          quantity: 'temperature',
          unit: CELSIUS,
          rows: [0, 100].map((value) => ({ value, error: 0.3, uncertainty })),
        },
      ],
    };
    const INFLUENCE = {
      quantity: 'temperature',
      unit: CELSIUS,
      argument: 'supply',
      argumentUnit: VOLT,
      reference: 5,
      coefficient: 0.2,
      standardUncertainty: 0.08,
    };

    async function signedAfter(influences: unknown, conditions: unknown, unit = CELSIUS) {
      const folder = temporaryFolder();
      const file = join(folder, 'influences.json');
      writeFileSync(file, JSON.stringify(influences));
      const { registry, device, signer } = sensor;
      const log = await MeasurementLog.open({ folder: join(folder, 'log'), registry, device, signer });
      const found: SignedMeasurement[] = [];
      try {
        const line = JSON.stringify({ quantity: 'temperature', unit, value: 20.2, arguments: conditions });
        await signReadings(log, [line], {
          corrections: [correction],
          influences: await influencesInFile(file),
          onSigned: (signed) => void found.push(signed),
        });
      } finally {
        await log.close();
      }
      return found[0]?.content ?? assert.fail();
    }

    it('state value and uncertainty with them, and not the condition, which the report does not know', async () => {
      // The supply is 0.5 V low, so it shows 0.1 °C less than it would; the error is 0.3 °C.
      const {
        value,
        uncertainty: whole,
        ...content
      } = await signedAfter([INFLUENCE], [{ name: 'Supply', value: 4.5, unit: VOLT }]);
      assert.ok(Math.abs(value - 20) < 1e-9, String(value));
      assert.ok(Math.abs((whole?.expanded ?? 0) - 2 * Math.hypot(0.03, 0.04)) < 1e-9);
      assert.deepEqual(content.corrected, correction.by);
      assert.equal('arguments' in content, false);
    });

    it('are refused where the condition is missing or in another unit, or the coefficient is for another unit', async () => {
      const refused = (why: RegExp, work: Promise<unknown>) => assert.rejects(work, why);
      await refused(
        /Reading 1 is not signed: .*influence of supply needs its value/,
        signedAfter([INFLUENCE], undefined),
      );
      const millivolts = [{ name: 'supply', value: 4500, unit: '\\milli\\volt' }];
      await refused(/influence of supply is for \\volt/, signedAfter([INFLUENCE], millivolts));
      const kelvin = { ...INFLUENCE, unit: '\\kelvin' };
      await refused(
        /influence of supply is in \\kelvin/,
        signedAfter([kelvin], [{ name: 'supply', value: 4.5, unit: VOLT }]),
      );
      await refused(/list of influences/, signedAfter([{ ...INFLUENCE, coefficient: '0.2' }], undefined));
      await refused(/list of influences/, signedAfter([{ ...INFLUENCE, unit: 'celsius' }], undefined));
    });
  });
});
