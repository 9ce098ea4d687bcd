import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TraceCalError } from '@tracecal/gateway-client';
import { Continuity, MeasurementLog, measurementsIn } from '@tracecal/gateway-client/device';
import type { SignedMeasurement, SyncPolicy } from '@tracecal/gateway-client/device';
import { twoCountries } from '../../support/hierarchy.js';
import { Instrument, READING } from '../../support/instrument.js';
import { Random } from '../../support/random.js';
import { runSeed } from '../../support/seed.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('A log of measurements', () => {
  let sensor: Instrument;
  let folder: string;

  before(async () => {
    sensor = new Instrument(await twoCountries());
  });

  beforeEach(() => {
    folder = join(temporaryFolder(), 'log');
  });

  after(removeTemporaryFolders);

  const open = (sync?: SyncPolicy) =>
    MeasurementLog.open({
      folder,
      registry: sensor.registry,
      device: sensor.device,
      signer: sensor.signer,
      ...(sync && { sync }),
      now: () => Date.UTC(2026, 2, 1),
    });
  const all = async () => {
    const found: SignedMeasurement[] = [];
    for await (const each of measurementsIn(folder, [sensor.signer.certificate])) found.push(each);
    return found;
  };
  const numbers = (found: readonly SignedMeasurement[]) => found.map(({ content }) => content.sequence);
  const fileOf = () =>
    join(
      folder,
      readdirSync(folder)
        .filter((name) => name.endsWith('.jsonl'))
        .at(-1) ?? assert.fail(),
    );
  const refuses = (work: Promise<unknown>, code: string) =>
    assert.rejects(work, (error) => error instanceof TraceCalError && error.code === code);

  it('holds all in one chain, for its owner only, over restarts', async () => {
    for (const values of [[1, 2], [3], []]) {
      const log = await open();
      assert.deepEqual(log.repaired, { cut: 0, skipped: 0 });
      await Promise.all(values.map((value) => log.append({ ...READING, value })));
      await log.close();
    }
    const found = await all();
    assert.deepEqual(
      found.map(({ content }) => content.value),
      [1, 2, 3],
    );
    const continuity = new Continuity();
    assert.deepEqual(
      found.map((each) => continuity.observe(each)),
      [[], [], []],
    );
    assert.equal(statSync(fileOf()).mode & 0o777, 0o600);
  });

  it('is written by one process at a time, and one that has ended does not count', async () => {
    const log = await open();
    await refuses(open(), 'MEASUREMENTS_IN_USE');
    await log.close();
    writeFileSync(join(folder, 'lock'), `${process.pid} of-another-boot/1`);
    await (await open()).close();
    await refuses(log.append(READING), 'CLIENT_CLOSED');
  });

  it('writes nothing of a reading that is not accepted, and goes on', async () => {
    const log = await open();
    await refuses(log.append({ ...READING, unit: '\\metre' }), 'INPUT_INVALID');
    await log.append(READING);
    await log.close();
    assert.deepEqual(numbers(await all()), [0]);
  });

  it('is cut where the power failed, wherever that was, and uses no number twice', async () => {
    const random = new Random(runSeed);
    const log = await open();
    for (let count = 0; count < 4; count += 1) await log.append(READING);
    await log.close();
    const whole = readFileSync(fileOf());
    const [path, line] = [fileOf(), whole.lastIndexOf('\n', whole.length - 2) + 1];
    for (let round = 0; round < 8; round += 1) {
      const size = random.between(line + 1, whole.length - 1);
      writeFileSync(path, whole.subarray(0, size));
      const again = await open();
      assert.equal(again.repaired.cut, size - line);
      const next = await again.append(READING);
      await again.close();
      assert.equal(next.content.previous?.sequence, 2);
      assert.ok(next.content.sequence >= 4, 'number 3 may have been seen outside');
    }
  });

  it('uses no number of a line that can no longer be read', async () => {
    const log = await open();
    for (let count = 0; count < 3; count += 1) await log.append(READING);
    // The process ends here, and the disk damages what it had written.
    rmSync(join(folder, 'lock'));
    const lines = readFileSync(fileOf(), 'utf8').split('\n');
    writeFileSync(fileOf(), [lines[0], lines[1], 'damaged', ''].join('\n'));
    const again = await open();
    const next = await again.append(READING);
    await again.close();
    assert.deepEqual([next.content.sequence, next.content.previous?.sequence], [3, 1]);
  });

  it('says which numbers may have been lost, if not every measurement is forced to the disk', async () => {
    const log = await open({ every: 100 });
    const first = await log.append(READING);
    await log.append(READING);
    // The process ends here, and the system forgets what it had not written.
    rmSync(join(folder, 'lock'));
    writeFileSync(fileOf(), `${readFileSync(fileOf(), 'utf8').split('\n')[0] ?? ''}\n`);
    const again = await open({ every: 100 });
    assert.ok(again.repaired.skipped > 0);
    const next = await again.append(READING);
    await again.close();
    assert.equal(next.content.previous?.digest, first.digest);
    const continuity = new Continuity();
    continuity.observe(first);
    assert.deepEqual(continuity.observe(next), [
      { kind: 'gap', from: 1, to: next.content.sequence - 1, isDeclared: true },
    ]);
  });

  it('is not continued if it is broken in the middle, of another device, or lost', async () => {
    const log = await open();
    for (let count = 0; count < 3; count += 1) await log.append(READING);
    await log.close();
    const lines = readFileSync(fileOf(), 'utf8').split('\n');
    const path = fileOf();
    writeFileSync(path, [lines[0], lines[2], ''].join('\n'));
    await refuses(open(), 'MEASUREMENTS_DAMAGED');
    writeFileSync(path, [lines[0], 'nonsense', lines[1], ''].join('\n'));
    await refuses(open(), 'MEASUREMENTS_DAMAGED');
    await refuses(all(), 'MEASUREMENTS_DAMAGED');
    writeFileSync(path, lines.join('\n'));
    const other = new Instrument(await twoCountries(), 'oem-b/sensor-b');
    const options = { folder, registry: other.registry, device: other.device, signer: other.signer };
    await refuses(MeasurementLog.open(options), 'MEASUREMENTS_DAMAGED');
    rmSync(path);
    await refuses(open(), 'MEASUREMENTS_DAMAGED');
  });

  it('is read while it is written', async () => {
    const log = await open();
    await log.append(READING);
    appendFileSync(fileOf(), '{"payload":"half');
    assert.deepEqual(numbers(await all()), [0]);
    await log.close();
  });
});
