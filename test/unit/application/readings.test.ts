import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { TraceCalError } from '@tracecal/gateway-client';
import { ApplicationError, influencesInFile, signAndClose, signReadings } from '@tracecal/gateway-client/application';
import type { OutsideReading } from '@tracecal/gateway-client/application';
import { Continuity, MeasurementLog, measurementsIn } from '@tracecal/gateway-client/device';
import type { SignedMeasurement, SyncPolicy } from '@tracecal/gateway-client/device';
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
    const folder = join(temporaryFolder(), 'log');
    const log = await MeasurementLog.open({ folder, registry, device, signer: token });
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
    // The token is back: the log goes on, and nobody can take it for a second holder of the key.
    const again = await MeasurementLog.open({ folder, registry, device, signer });
    await signAndClose(again, [reading(3), reading(4)]);
    const continuity = new Continuity();
    const [values, kinds]: [number[], string[]] = [[], []];
    for await (const measurement of measurementsIn(folder, null)) {
      values.push(measurement.content.value);
      kinds.push(...continuity.observe(measurement).map(({ kind }) => kind));
    }
    assert.deepEqual([values, kinds.filter((kind) => kind !== 'gap')], [[1, 2, 3, 4], []]);
  });

  const uncertainty = { expanded: 0.06, coverageFactor: 2, coverageProbability: 0.95 };
  const correction = {
    device: '',
    by: { report: 'lab-alpha/r-1', digest: 'a'.repeat(64) },
    results: [
      {
        name: 'Errors',
        quantity: 'temperature',
        unit: '\\degreecelsius',
        rows: [0, 100].map((value) => ({ value, error: 0.3, uncertainty })),
      },
    ],
  };

  it('go on where the report states no errors, as the instrument showed them, and it is told', async () => {
    const { registry, device, signer } = sensor;
    const log = await MeasurementLog.open({ folder: join(temporaryFolder(), 'log'), registry, device, signer });
    const signed: (readonly [number, string | undefined])[] = [];
    const told: OutsideReading[] = [];
    const lines = [20, 500, 30].map((value) => reading(value));
    const options = {
      corrections: [correction],
      onSigned: ({ content }: SignedMeasurement) => void signed.push([content.value, content.corrected?.report]),
    };
    await signReadings(log, lines, { ...options, onOutside: (each) => told.push(each) });
    assert.deepEqual(signed, [
      [19.7, 'lab-alpha/r-1'],
      [500, undefined],
      [29.7, 'lab-alpha/r-1'],
    ]);
    assert.equal(told.length, 1);
    assert.equal(told[0]?.reading, 2);
    assert.match(told[0].why, /not at 500 \(report lab-alpha\/r-1\)\.$/);
    await assert.rejects(
      signAndClose(log, lines, { ...options, outside: 'stop' }),
      /Reading 2 is not signed: .*not at 500 .*\. 1 is signed\.$/,
    );
  });

  it('go on where no report gives errors of their kind, as where the report states none', async () => {
    const { registry, device, signer } = sensor;
    const log = await MeasurementLog.open({ folder: join(temporaryFolder(), 'log'), registry, device, signer });
    const pressure = JSON.stringify({ quantity: 'pressure', unit: '\\pascal', value: 101_325 });
    const lines = [reading(20), pressure, reading(30)];
    const told: OutsideReading[] = [];
    const raw: boolean[] = [];
    const count = await signReadings(log, lines, {
      corrections: [correction],
      onSigned: ({ content }) => void raw.push(content.corrected === null),
      onOutside: (each) => told.push(each),
    });
    assert.deepEqual([count, raw], [3, [false, true, false]]);
    assert.deepEqual(told, [{ reading: 2, why: 'No report about the device gives errors of pressure.' }]);
    const foundOnly = {
      ...correction,
      results: correction.results.map((each) => ({ ...each, asFound: true as const })),
    };
    await signReadings(log, [reading(20)], { corrections: [foundOnly], onOutside: (each) => told.push(each) });
    assert.match(told[1]?.why ?? '', /the report gives no temperature \(report lab-alpha\/r-1\)\.$/);
    await assert.rejects(
      signAndClose(log, lines, { corrections: [correction], outside: 'stop' }),
      /Reading 2 is not signed: no report about the device gives errors of pressure\. 1 is signed\.$/,
    );
  });

  it('that cannot be read any further are told with the number and what is signed', async () => {
    const { registry, device, signer } = sensor;
    const log = await MeasurementLog.open({ folder: join(temporaryFolder(), 'log'), registry, device, signer });
    const told: number[] = [];
    function* lines() {
      yield reading(1);
      yield reading(2);
      throw new ApplicationError('FILE_UNREADABLE', 'The stick was removed.');
    }
    await assert.rejects(
      signAndClose(log, lines(), { onSigned: ({ content }) => void told.push(content.value) }),
      /^ApplicationError: After reading 2: The stick was removed\. 2 are signed\.$/,
    );
    assert.deepEqual(told, [1, 2]);
  });

  describe('on a disk that takes nothing more', () => {
    let handles: FileHandle;
    let own: Pick<FileHandle, 'appendFile' | 'datasync' | 'writeFile'>;

    before(async () => {
      const file = await open(join(temporaryFolder(), 'some'), 'w');
      await file.close();
      handles = Object.getPrototypeOf(file) as FileHandle;
      own = Object.fromEntries(
        ['appendFile', 'datasync', 'writeFile'].map((name) => [name, Reflect.get(handles, name)]),
      ) as unknown as typeof own;
    });

    afterEach(() => {
      Object.assign(handles, own);
    });

    const full = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
    const opened = (sync: SyncPolicy) => {
      const { registry, device, signer } = sensor;
      return MeasurementLog.open({ folder: join(temporaryFolder(), 'log'), registry, device, signer, sync });
    };
    const ends = (work: Promise<unknown>, sentence: RegExp, numbers?: () => readonly number[]) =>
      assert.rejects(work, (error) => {
        assert.ok(error instanceof ApplicationError, String(error));
        assert.equal(error.code, 'WRITING_FAILED');
        assert.match(error.message, sentence);
        if (numbers) {
          const [, line, count] = /^Reading (\d+) .* (\d+) (?:is|are) signed\.$/.exec(error.message) ?? [];
          assert.deepEqual([Number(line), Number(count)], numbers());
        }
        return true;
      });
    const lines = (count: number) => Array.from({ length: count }, (_, value) => reading(value));

    it('end with the number of the reading and how many are signed, also if the log cannot be closed then', async () => {
      const log = await opened({ every: 100 });
      let wrote = 0;
      handles.appendFile = function (this: FileHandle, ...given) {
        wrote += 1;
        if (wrote > 1) {
          handles.writeFile = full;
          handles.datasync = full;
          return full();
        }
        return own.appendFile.apply(this, given);
      };
      const told: number[] = [];
      const options = { onSigned: ({ content }: SignedMeasurement) => void told.push(content.sequence) };
      await ends(
        signAndClose(log, lines(300), options),
        /^Reading \d+ is not signed: .*measurements-.* the disk is full.*\. \d+ (is|are) signed\.$/,
        () => [told.length + 1, told.length],
      );
    });

    it('tell what is signed if the file of the numbers cannot be written at the end', async () => {
      const log = await opened({ every: 1 });
      handles.writeFile = full;
      await ends(
        signAndClose(log, lines(3)),
        /^3 are signed, .*not closed: .*next\.json cannot be written: the disk is full/,
      );
    });

    it('tell at the end what could not be forced to the disk in the meantime', async () => {
      const log = await opened({ milliseconds: 1 });
      let failed: () => void;
      const failure = new Promise<void>((resolve) => (failed = resolve));
      handles.datasync = () => {
        failed();
        return full();
      };
      await signReadings(log, lines(1));
      await failure;
      Object.assign(handles, own);
      await ends(signAndClose(log, []), /^0 are signed, .*not closed: /);
    });
  });

  describe('after the influences of their conditions', () => {
    const VOLT = '\\volt';
    const CELSIUS = '\\degreecelsius';
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
      assert.deepEqual([value, whole?.expanded], [20, 0.1]);
      assert.deepEqual(content.corrected, correction.by);
      assert.equal('arguments' in content, false);
    });

    it('are refused where the condition is missing or in another unit, or the coefficient is for another unit', async () => {
      const refused = (why: RegExp, work: Promise<unknown>) => assert.rejects(work, why);
      await refused(
        /Reading 1 is not signed: .*influence of supply .* state supply among .* in \\volt \(report lab-alpha\/r-1\)/,
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
