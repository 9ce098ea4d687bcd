import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ApplicationError, signReadings } from '@tracecal/gateway-client/application';
import { MeasurementLog, measurementsIn } from '@tracecal/gateway-client/device';
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
        (error) => error instanceof ApplicationError && error.message.startsWith('Reading 3 is not signed: '),
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
});
