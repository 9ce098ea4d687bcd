import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync, rmSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
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
    await log.close();
    // As if the process had ended before, and the disk damages what it had written.
    rmSync(join(folder, 'next.json'));
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
    const next = readFileSync(join(folder, 'next.json'));
    await log.close();
    // As if the process had ended before, and the system forgets what it had not written.
    writeFileSync(join(folder, 'next.json'), next);
    writeFileSync(fileOf(), `${readFileSync(fileOf(), 'utf8').split('\n')[0] ?? ''}\n`);
    const again = await open({ every: 100 });
    assert.ok(again.repaired.skipped > 0);
    const third = await again.append(READING);
    await again.close();
    assert.equal(third.content.previous?.digest, first.digest);
    const continuity = new Continuity();
    continuity.observe(first);
    assert.deepEqual(continuity.observe(third), [
      { kind: 'gap', from: 1, to: third.content.sequence - 1, isDeclared: true },
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

  describe('on a disk that is slow or full', () => {
    let handles: FileHandle;
    let own: Pick<FileHandle, 'appendFile' | 'datasync'>;

    before(async () => {
      const file = await openFile(join(temporaryFolder(), 'some'), 'w');
      await file.close();
      handles = Object.getPrototypeOf(file) as FileHandle;
      own = Object.fromEntries(
        ['appendFile', 'datasync'].map((name) => [name, Reflect.get(handles, name)]),
      ) as unknown as typeof own;
    });

    afterEach(() => {
      Object.assign(handles, own);
    });

    const full = () => Object.assign(new Error('no space'), { code: 'ENOSPC' });
    /** Writes what is to be written up to this part of its bytes, and then the disk is full. */
    const fullAfter = (part: number) => {
      handles.appendFile = async function (this: FileHandle, bytes) {
        const all = bytes as Buffer;
        await own.appendFile.call(this, all.subarray(0, Math.floor(all.length * part)));
        throw full();
      };
    };

    it('writes what is appended together with one write, and forces it to the disk once', async () => {
      const log = await open();
      await log.append(READING);
      const count = { writes: 0, syncs: 0 };
      handles.appendFile = function (this: FileHandle, ...given) {
        count.writes += 1;
        return own.appendFile.apply(this, given);
      };
      handles.datasync = function (this: FileHandle) {
        count.syncs += 1;
        return own.datasync.call(this);
      };
      const signed = await Promise.all(Array.from({ length: 100 }, (_, value) => log.append({ ...READING, value })));
      assert.deepEqual(count, { writes: 1, syncs: 1 });
      await log.close();
      assert.deepEqual(
        (await all()).slice(1).map(({ content }) => content),
        signed.map(({ content }) => content),
      );
    });

    it('keeps the whole lines that were written before the disk was full, since somebody may have seen them', async () => {
      const log = await open({ every: 100 });
      await log.append(READING);
      fullAfter(0.5);
      const settled = await Promise.allSettled([1, 2, 3, 4, 5].map((value) => log.append({ ...READING, value })));
      handles.appendFile = own.appendFile;
      assert.deepEqual(
        settled.map(({ status }) => status),
        ['fulfilled', 'fulfilled', 'rejected', 'rejected', 'rejected'],
      );
      await log.append({ ...READING, value: 6 });
      await log.close();
      const found = await all();
      assert.deepEqual(
        found.map(({ content }) => [content.sequence, content.value]),
        [
          [0, 21.5],
          [1, 1],
          [2, 2],
          [3, 6],
        ],
      );
      assert.equal(found[3]?.content.previous?.digest, found[2]?.digest);
    });

    it('forces to the disk what came while it was being forced, also if two asked for it at once', async () => {
      const log = await open({ every: 100 });
      await log.append(READING);
      let syncs = 0;
      const gates: (() => void)[] = [];
      handles.datasync = async function (this: FileHandle) {
        syncs += 1;
        await new Promise<void>((go) => gates.push(go));
        await own.datasync.call(this);
      };
      const both = Promise.all([log.sync(), log.sync()]);
      const late = await log.append({ ...READING, value: 1 });
      gates.forEach((go) => {
        go();
      });
      await both;
      handles.datasync = function (this: FileHandle) {
        syncs += 1;
        return own.datasync.call(this);
      };
      await log.sync();
      assert.equal(syncs, 3, `number ${late.content.sequence} was not forced to the disk`);
      await log.append({ ...READING, value: 2 });
      await log.close();
      assert.equal(syncs, 4, 'the last one was not');
    });

    it('writes nothing more after the folder of a new file could not be forced to the disk', async () => {
      const log = await open({ every: 100 });
      const sync: unknown = Reflect.get(handles, 'sync');
      handles.sync = () => Promise.reject(Object.assign(new Error('input/output error'), { code: 'EIO' }));
      try {
        await refuses(log.append(READING), 'FILE_UNWRITABLE');
      } finally {
        Object.assign(handles, { sync });
      }
      await refuses(log.append(READING), 'FILE_UNWRITABLE');
      await log.close();
      assert.deepEqual(await all(), []);
    });

    it('gives file and folder free when it is closed and cannot be forced to the disk', async () => {
      const log = await open({ every: 100 });
      await log.append(READING);
      handles.datasync = () => Promise.reject(full());
      await refuses(log.close(), 'FILE_UNWRITABLE');
      await refuses(log.close(), 'FILE_UNWRITABLE');
      Object.assign(handles, own);
      assert.deepEqual(openFilesIn(folder), []);
      await (await open()).close();
    });
  });

  it('writes what was appended before it was closed', async () => {
    const log = await open({ every: 100 });
    const appending = [1, 2, 3].map((value) => log.append({ ...READING, value }));
    await log.close();
    await Promise.all(appending);
    assert.deepEqual(numbers(await all()), [0, 1, 2]);
  });

  it('takes nothing of a token that signs for another one later, and goes on', async () => {
    let isSwapped = false;
    const other = new Instrument(await twoCountries(), 'oem-b/sensor-b').signer;
    const token = {
      certificate: sensor.signer.certificate,
      sign: (bytes: Uint8Array) => (isSwapped ? other : sensor.signer).sign(bytes),
    };
    const log = await MeasurementLog.open({
      folder,
      registry: sensor.registry,
      device: sensor.device,
      signer: token,
      now: () => Date.UTC(2026, 2, 1),
    });
    await log.append(READING);
    isSwapped = true;
    await refuses(log.append(READING), 'SIGNER_INVALID');
    isSwapped = false;
    await log.append(READING);
    await log.close();
    assert.deepEqual(numbers(await all()), [0, 1]);
  });

  it('names only a verdict that had been found when the value was taken', async () => {
    const verdict = (asOf: string) => ({ status: 'TRACEABLE', asOf, digest: 'a'.repeat(64) }) as const;
    const log = await open();
    const early = verdict('2026-02-28T10:00:00Z');
    assert.deepEqual((await log.append(READING, early, '2026-02-28T10:00:00.000Z')).content.verdict, early);
    await refuses(log.append(READING, early, '2026-02-28T09:59:59.999Z'), 'INPUT_INVALID');
    // The log's own clock was put back since: the device goes on, and claims nothing.
    assert.equal((await log.append(READING, verdict('2026-03-01T00:00:01Z'))).content.verdict, null);
    assert.ok((await log.append(READING, verdict('2026-03-01T00:00:00Z'))).content.verdict);
    await log.close();
    assert.equal((await all()).length, 3);
  });

  it('refuses at once what cannot be signed: other units, another device’s key, days on which its certificate did not hold', async () => {
    const log = await open();
    const at = (time: string) => () => log.enqueue(READING, null, time);
    const refused = (code: string) => (error: unknown) => error instanceof TraceCalError && error.code === code;
    assert.throws(() => log.enqueue({ ...READING, unit: '\\metre' }), refused('INPUT_INVALID'));
    assert.throws(at('2001-03-01T09:30:00.250Z'), refused('CERTIFICATE_INVALID'));
    const long = Array.from({ length: 16 }, (_, place) => ({
      name: `${'"'.repeat(250)}${place}`,
      value: '"'.repeat(256),
    }));
    assert.throws(() => log.enqueue({ ...READING, arguments: long }), refused('JSON_TOO_LARGE'));
    await log.close();
    const { device, registry } = sensor;
    const { signer } = new Instrument(await twoCountries(), 'oem-b/sensor-b');
    const foreign = await MeasurementLog.open({ folder, device, registry, signer, now: () => Date.UTC(2026, 2, 1) });
    assert.throws(() => foreign.enqueue(READING), refused('CERTIFICATE_INVALID'));
    await foreign.close();
    assert.deepEqual(await all(), []);
  });
});

/** The files in a folder that this process holds open, where the system tells that. */
function openFilesIn(folder: string): readonly string[] {
  if (process.platform !== 'linux') {
    return [];
  }
  const fds = '/proc/self/fd';
  return readdirSync(fds).flatMap((fd) => {
    try {
      const path = readlinkSync(join(fds, fd));
      return path.startsWith(folder) ? [path] : [];
    } catch {
      return [];
    }
  });
}
