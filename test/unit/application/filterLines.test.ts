import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { canonicalJson } from '@tracecal/core/model';
import { KnownDevices, LineFilter, openPassed } from '@tracecal/gateway-client/application';
import type { Dropped } from '@tracecal/gateway-client/application';
import { momentOf } from '@tracecal/gateway-client/device';
import type { SignedMeasurement } from '@tracecal/gateway-client/device';
import { parseTrust } from '@tracecal/gateway-client/proof/verify';
import type { Trust } from '@tracecal/gateway-client/proof/verify';
import { twoCountries } from '../../support/hierarchy.js';
import { Instrument } from '../../support/instrument.js';
import { loggedBundle } from '../../support/loggedBundle.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('A filter of lines', () => {
  let folder: string;
  let bundle: string;
  let trust: Trust;
  let chain: readonly SignedMeasurement[];
  let sensor: Instrument;
  let now: number;

  before(async () => {
    folder = temporaryFolder();
    bundle = join(folder, 'sensor.bundle.json');
    const made = await loggedBundle();
    writeFileSync(bundle, made.bundle);
    trust = parseTrust(made.trust);
    now = Date.parse((JSON.parse(made.bundle) as { question: { asOf: string } }).question.asOf);
    sensor = new Instrument(await twoCountries());
    const all: SignedMeasurement[] = [];
    for (let place = 0; place < 6; place += 1) {
      const time = momentOf(now + 1000 * place);
      all.push(await sensor.measure(place, all.at(-1) ?? null, { time, value: place === 3 ? 5000 : 20 }));
    }
    chain = all;
  });

  after(removeTemporaryFolders);

  const known = () => KnownDevices.read({ bundles: [bundle], trust, now: () => now, recheckMs: 1000 });
  const text = () => chain.map(({ jws }) => canonicalJson(jws));
  async function* lines(all: readonly string[], onTaken = (): void => undefined) {
    for (const line of all) {
      onTaken();
      yield line;
      await Promise.resolve();
    }
  }

  function filter(devices: KnownDevices, pass: (line: string) => Promise<void>, drops: Dropped[] = []) {
    return new LineFilter({
      registry: sensor.registry,
      devices,
      pass,
      onDrop: (dropped) => void drops.push(dropped),
      now: () => now + 60_000,
    });
  }

  it('keeps nothing of the lines that it has read', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used = () => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const [count, length] = [20_000, 4000];
    let grown = 0;
    async function* nonsense() {
      const before = used();
      for (let place = 0; place < count; place += 1) {
        yield Buffer.alloc(length, 'x').toString();
        await Promise.resolve();
      }
      grown = used() - before;
    }
    const { read } = await filter(await known(), () => Promise.resolve()).through(
      nonsense(),
      new AbortController().signal,
    );
    assert.equal(read, count);
    assert.ok(grown < (count * length) / 4, `${grown} bytes are kept`);
  });

  it('passes what verifies and is covered by its calibration, and says why it drops the rest', async () => {
    const passed: string[] = [];
    const drops: Dropped[] = [];
    const filtering = filter(
      await known(),
      (line) => {
        passed.push(line);
        return Promise.resolve();
      },
      drops,
    );
    const other = text()[1]?.replace('"signature":"', '"signature":"AAAA') ?? '';
    const { read, dropped, missing } = await filtering.through(lines([...text(), 'nonsense', other]));
    assert.deepEqual(passed, [...text().slice(0, 3), ...text().slice(4)]);
    assert.deepEqual([read, dropped['not-covered'], dropped.malformed], [8, 1, 2 - (dropped.signature ?? 0)]);
    assert.match(drops[0]?.why ?? '', /is not covered by its calibration: it is INCOMPLETE: .* gives nothing at 5000/);
    assert.equal(drops[0]?.line, 4);
    assert.deepEqual(Object.values(missing), [1], 'the one that did not pass');
  });

  it('reads a line only when the one before was taken', async () => {
    let taken = 0;
    let release = (): void => undefined;
    const filtering = filter(await known(), () => new Promise<void>((resolve) => (release = resolve)));
    const ending = filtering.through(lines(text().slice(0, 3), () => (taken += 1)));
    const settle = () => new Promise((resolve) => setTimeout(resolve, 50));
    await settle();
    assert.equal(taken, 1);
    for (let count = 0; count < 3; count += 1) {
      release();
      await settle();
    }
    assert.equal((await ending).passed, 3);
  });

  it('goes on after a power failure with what stands in its output: each passes once, in its order', async () => {
    const path = join(folder, 'passed.jsonl');
    const covered = text().slice(0, 3);
    // What stands there is whole but for its end.
    writeFileSync(path, `${covered[0] ?? ''}\n${covered[1]?.slice(0, 40) ?? ''}`);
    const output = await openPassed(path);
    const filtering = filter(await known(), (line) => output.append(line));
    assert.equal(await filtering.remember(output.before), 1);
    const { passed, before, dropped } = await filtering.through(lines(covered));
    await output.close();
    assert.deepEqual([passed, before, dropped], [2, 1, {}]);
    assert.equal(readFileSync(path, 'utf8'), covered.map((line) => `${line}\n`).join(''));
  });

  it('ends after a restart as it would have without one, and still names replays', async () => {
    const path = join(folder, 'restarted.jsonl');
    const source = [...text(), text()[1] ?? ''];
    const through = async (end: number) => {
      const output = await openPassed(path);
      const filtering = filter(await known(), (line) => output.append(line));
      await filtering.remember(output.before);
      const filtered = await filtering.through(lines(source.slice(0, end)));
      await output.close();
      return filtered;
    };
    await through(5);
    const { read, passed, before, dropped, missing } = await through(source.length);
    const all = await filter(await known(), () => Promise.resolve()).through(lines(source));
    assert.deepEqual([read, passed + before, dropped, missing], [all.read, all.passed, all.dropped, all.missing]);
    assert.deepEqual([before, dropped], [4, { 'not-covered': 1, replay: 1 }]);
  });

  it('names the status of what it drops: a value from before the first calibration', async () => {
    const early = await sensor.measure(0, null, { time: momentOf(now - 10_000 * 3_600_000), value: 20 });
    const drops: Dropped[] = [];
    await filter(await known(), () => Promise.resolve(), drops).through(lines([canonicalJson(early.jws)]));
    assert.match(drops[0]?.why ?? '', /is not covered by its calibration: it is INCOMPLETE: .* has no report/);
  });

  it('reads bundles again, and passes nothing of a device whose bundle can no longer be checked', async () => {
    const copy = join(folder, 'copy.bundle.json');
    writeFileSync(copy, readFileSync(bundle));
    let clock = now;
    const devices = await KnownDevices.read({ bundles: [copy], trust, now: () => clock, recheckMs: 1000 });
    const passed: string[] = [];
    const filtering = filter(devices, (line) => {
      passed.push(line);
      writeFileSync(copy, 'nothing');
      clock += 2000;
      return Promise.resolve();
    });
    const { dropped } = await filtering.through(lines(text().slice(0, 3)));
    assert.deepEqual([passed.length, dropped], [1, { 'not-traceable': 2 }]);
  });

  it('cuts nothing of a file that holds something else', async () => {
    const path = join(folder, 'another.json');
    for (const content of [readFileSync(bundle, 'utf8').trimEnd(), 'a\nb\n', '{"payload":"x"}\n', 'precious']) {
      writeFileSync(path, content);
      await assert.rejects(openPassed(path), /something other than measurements/);
      assert.equal(readFileSync(path, 'utf8'), content);
    }
    await assert.rejects(openPassed('-'), /stdout is not/);
    assert.equal(existsSync('-'), false);
  });

  it('has its output for itself, and for the next one afterwards', async () => {
    const path = join(folder, 'alone.jsonl');
    const output = await openPassed(path);
    await assert.rejects(openPassed(path), (error) => (error as { code?: string }).code === 'MEASUREMENTS_IN_USE');
    await output.close();
    await (await openPassed(path)).close();
  });

  it('ends when it is told to, also while no line comes', async () => {
    const stopping = new AbortController();
    async function* idle() {
      yield text()[0] ?? '';
      stopping.abort();
      await new Promise(() => undefined);
    }
    const { read, passed } = await filter(await known(), () => Promise.resolve()).through(idle(), stopping.signal);
    assert.deepEqual([read, passed], [1, 1]);
  });

  it('closes its source after a failure and after the signal, also while a line is waited for', async () => {
    let closed = 0;
    async function* source(end: Promise<unknown>) {
      try {
        yield text()[0] ?? '';
        await end;
        yield text()[1] ?? '';
      } finally {
        closed += 1;
      }
    }
    const failing = filter(await known(), () => Promise.reject(new Error('the disk is full')));
    await assert.rejects(failing.through(source(Promise.resolve())), /the disk is full/);
    assert.equal(closed, 1);
    const stopping = new AbortController();
    const stopped = filter(await known(), () => {
      stopping.abort();
      return Promise.resolve();
    });
    let comes = (): void => undefined;
    const waited = new Promise<void>((resolve) => (comes = resolve));
    assert.equal((await stopped.through(source(waited), stopping.signal)).passed, 1);
    comes();
    await new Promise(setImmediate);
    assert.equal(closed, 2);
  });
});
