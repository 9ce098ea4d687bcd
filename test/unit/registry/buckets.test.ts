import assert from 'node:assert/strict';
import { BUCKET_PLACES } from '@tracecal/core/contracts';
import type { BucketAnswer, BucketsAnswer, Page } from '@tracecal/core/contracts';
import { canonicalJson } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import {
  bucketDepth,
  bucketEntries,
  digestOfDevice,
  digestsUnder,
  nameOfKey,
  keys,
  prefixOf,
  readBucketEntry,
} from '@tracecal/core/registry';
import type { BucketEntry } from '@tracecal/core/registry';
import type { Verdict } from '@tracecal/core/trace';
import { AS_OF, temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { Random } from '../../support/random.js';
import { ask, callerOf, refuses, registryOf, RELAY, store, storedIn, submit } from '../../support/registry.js';
import { runSeed } from '../../support/seed.js';

const SENSORS = ['oem-a/sensor-a', 'oem-b/sensor-b'];

describe('Buckets of the registry', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const place = async (...devices: readonly string[]) =>
    JSON.parse((await ledger.submit(RELAY, 'placeDevices', JSON.stringify({ devices }))).answer) as { placed: number };
  const unplaced = async () => (await ask<Page<string>>(ledger, 'getUnplaced', {})).items;
  const bucket = (prefix = '', part = '00') => ask<BucketAnswer>(ledger, 'getBucket', prefix, part, '');
  const entriesOf = ({ entries }: BucketAnswer): readonly BucketEntry[] =>
    entries.flatMap((entry) => readBucketEntry(entry) ?? []);

  /** Gives places to devices that nobody registered, as only a broken registry could. */
  function invent(count: number): void {
    for (let index = 0; index < count; index += 1) {
      const device = `oem-a/invented-${index}`;
      store(ledger, nameOfKey(keys.place(digestOfDevice(device))), { device });
    }
  }

  it('say of each device what its own trace says, with the digest of the verdict', async () => {
    await submit(ledger, hierarchy.addStatement('suspension', ['device', 'working-b'], { author: 'lab-beta' }));
    await place(...(await unplaced()));
    const answer = await bucket();
    const entries = entriesOf(answer);
    assert.equal(entries.length, 8);
    assert.deepEqual(
      entries.map(({ device }) => device),
      entries.map(({ device }) => device).toSorted(),
    );
    for (const id of SENSORS) {
      const verdict = await ask<Verdict>(ledger, 'traceCal', id, { asOf: answer.asOf });
      assert.deepEqual(
        entries.find(({ device }) => device === digestOfDevice(id)),
        {
          device: digestOfDevice(id),
          status: verdict.status,
          fulfilled: verdict.requirements?.fulfilled,
          check: verdict.check,
          verdict: sha256(canonicalJson(verdict)),
        },
      );
    }
    assert.deepEqual(
      SENSORS.map((id) => entries.find(({ device }) => device === digestOfDevice(id))?.status),
      ['TRACEABLE', 'FAILED'],
    );
  });

  it('have the same length, whatever is in them', async () => {
    const empty = canonicalJson(await bucket());
    await place(...SENSORS);
    const filled = canonicalJson(await bucket());
    await submit(ledger, hierarchy.addStatement('revocation', ['device', 'working-a'], { reason: 'fraud' }));
    const failed = canonicalJson(await bucket());
    invent(700);
    const full = canonicalJson(await bucket());
    assert.deepEqual([filled.length, failed.length, full.length], [empty.length, empty.length, empty.length]);
    assert.equal((await bucket()).entries.length, BUCKET_PLACES);
  });

  it('go on in further answers if they overflow, and leave nobody out', async () => {
    await place(...SENSORS);
    invent(2 * BUCKET_PLACES);
    const parts = [await bucket('', '00'), await bucket('', '01'), await bucket('', '02')];
    assert.deepEqual(
      parts.map(({ more }) => more),
      ['1', '1', '0'],
    );
    const all = parts.flatMap(entriesOf).map(({ device }) => device);
    assert.equal(new Set(all).size, 2 * BUCKET_PLACES + SENSORS.length);
    for (const id of SENSORS) assert.ok(all.includes(digestOfDevice(id)));
  });

  it('hold registered devices once any member of the level has placed them, and count each once', async () => {
    assert.equal((await unplaced()).length, 8);
    assert.deepEqual(await place(...SENSORS, ...SENSORS), { placed: 2 });
    assert.deepEqual(await place(...SENSORS), { placed: 0 });
    assert.equal((await unplaced()).length, 6);
    await refuses(place('oem-a/ghost'), 'NOT_FOUND', /no device oem-a\/ghost/);
    const below = ledger.submit(callerOf('oem-a'), 'placeDevices', JSON.stringify({ devices: SENSORS }));
    await refuses(below, 'NOT_AUTHORISED', /may not write here/);
  });

  it('read no results of a device that needs more work than its place gets, and say so', async () => {
    const plenty = Array.from({ length: 1500 }, (_, row) => ({ ...temperatureResult(1), value: `20.${row + 1000}` }));
    const heavy = await twoCountries();
    await heavy.addDevice({ id: 'heavy', technician: 't-oem-a' });
    heavy.addReport({
      id: 'heavy-r1',
      device: 'heavy',
      technician: 't-oem-a',
      parents: ['working-a-r1'],
      results: plenty,
    });
    let rows = 0;
    const source = new Proxy(heavy, {
      get: (target, name) =>
        name === 'results'
          ? async (...named: readonly [string, string]) => {
              const read = await target.results(...named);
              rows += read?.length ?? 0;
              return read;
            }
          : typeof Reflect.get(target, name) === 'function'
            ? (Reflect.get(target, name) as () => unknown).bind(target)
            : (Reflect.get(target, name) as unknown),
    });
    const [entry = ''] = await bucketEntries(source, ['oem-a/heavy'], AS_OF);
    assert.equal(readBucketEntry(entry)?.status, 'UNTRACED');
    assert.ok(rows < 1000, `${rows} rows`);
  });

  it('count the devices of an organisation of any name', async () => {
    const own = storedIn(ledger, nameOfKey(keys.device('oem-a/sensor-a'))) as object;
    store(ledger, nameOfKey(keys.device('constructor/sensor')), { ...own, id: 'constructor/sensor' });
    await place('constructor/sensor', ...SENSORS);
    const counts = storedIn(ledger, nameOfKey(keys.placeCounts()));
    assert.deepEqual(counts, { constructor: 1, 'oem-a': 1, 'oem-b': 1 });
  });

  it('change no verdict by a place', async () => {
    const trace = () => ask(ledger, 'traceCal', 'oem-a/sensor-a', '{"asOf":"2025-12-31"}');
    const before = await trace();
    await place(...SENSORS);
    assert.deepEqual(await trace(), before);
  });

  it('are asked for by prefixes of the present length only, with a nonce that is a word', async () => {
    assert.deepEqual(await ask<BucketsAnswer>(ledger, 'getBuckets', 'word'), {
      type: 'tracecal-buckets/1',
      registry: (await ask<Verdict>(ledger, 'traceCal', SENSORS[0]!, { asOf: AS_OF })).registry,
      epoch: (await bucket()).epoch,
      depth: 0,
    });
    store(ledger, nameOfKey(keys.placeCounts()), { 'oem-a': 500, 'oem-b': 500 });
    assert.equal((await ask<BucketsAnswer>(ledger, 'getBuckets', '')).depth, 3);
    for (const prefix of ['', '01', '0101', '012', '01a']) {
      await refuses(bucket(prefix), 'INPUT_INVALID', /has 3 digits 0 or 1 at present/);
    }
    for (const part of ['', '0', '100', '-1', '1e']) await refuses(bucket('010', part), 'INPUT_INVALID', /in parts/);
    await refuses(ask(ledger, 'getBuckets', 'not a word'), 'INPUT_INVALID', /nonce/);
    await refuses(ask(ledger, 'getBucket', '010', '00', 'not a word'), 'INPUT_INVALID', /nonce/);
  });

  it('divide devices by the first bits of their digests', () => {
    const digest = `a5${'0'.repeat(62)}`;
    assert.deepEqual(
      [0, 1, 4, 6, 8].map((depth) => prefixOf(digest, depth)),
      ['', '1', '1010', '101001', '10100101'],
    );
    assert.deepEqual(digestsUnder('101001'), [`a4${'0'.repeat(62)}`, `a7${'f'.repeat(62)}`]);
    assert.deepEqual(digestsUnder(''), ['0'.repeat(64), 'f'.repeat(64)]);
  });

  it('are 4096 for a million devices, and one below 250', () => {
    const each = (count: number) => ({ a: count, b: count, c: count, d: count });
    assert.equal(bucketDepth(each(250_000)), 12);
    assert.deepEqual([bucketDepth({}), bucketDepth(each(62)), bucketDepth(each(63))], [0, 0, 1]);
    assert.equal(bucketDepth({ 'oem-a': 10 ** 6 }), 0);
  });

  it('keep devices of others in them, however many one organisation registers', () => {
    const random = new Random(runSeed);
    for (let run = 0; run < 500; run += 1) {
      const names = Array.from({ length: random.between(1, 12) }, (_, index) => `organisation-${index}`);
      const counts = Object.fromEntries(names.map((name) => [name, random.between(0, 10 ** random.between(0, 6))]));
      const depth = bucketDepth(counts);
      const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
      for (const [name, count] of Object.entries(counts)) {
        if (depth > 0)
          assert.ok((all - count) / 2 ** depth >= 62, `${name}: ${JSON.stringify(counts)}, seed ${runSeed}`);
      }
    }
  });

  it('refuse entries of another form', async () => {
    await place(...SENSORS);
    const [entry = ''] = (await bucket()).entries;
    for (const wrong of [
      entry.slice(1),
      `${entry} `,
      entry.toUpperCase(),
      entry.replace('TRACEABLE', 'CERTAINLY'),
      entry.replace(/ \+ /, ' * '),
      '.'.repeat(entry.length - 1),
    ]) {
      assert.throws(() => readBucketEntry(wrong), /a form that this version does not know/, wrong);
    }
  });
});
