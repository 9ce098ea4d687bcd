import assert from 'node:assert/strict';
import { Measurement, TraceCalError } from '@tracecal/gateway-client';
import { batchOf, includes } from '@tracecal/gateway-client/device';
import type { MeasurementsAnchor, Page } from '@tracecal/core/contracts';
import { instantOf, millisecondsOf } from '@tracecal/core/model';
import type { Jws } from '@tracecal/core/model';
import { twoCountries } from '../../support/hierarchy.js';
import { Instrument } from '../../support/instrument.js';
import { ledgerOf } from '../../support/ledgerOf.js';
import { ask, callerOf } from '../../support/registry.js';
import { levelsOfSiteA, recorderOf } from '../../support/levels.js';

describe('A batch of measurements', () => {
  let measurements: readonly Jws[];

  before(async () => {
    const sensor = new Instrument(await twoCountries());
    measurements = (await sensor.chain(13)).map(({ jws }) => jws);
  });

  const at = (index: number): Jws => measurements[index] ?? assert.fail();

  it('leads from each of its measurements to its root, however many there are', () => {
    for (let size = 1; size <= measurements.length; size += 1) {
      const own = measurements.slice(0, size);
      const { root, inclusions } = batchOf(own);
      own.forEach((measurement, index) => {
        const inclusion = inclusions[index] ?? assert.fail();
        assert.deepEqual([inclusion.root, inclusion.index, inclusion.size], [root, index, size]);
        assert.ok(includes(inclusion, measurement));
      });
    }
  });

  it('holds no other measurement, nor one at another place', () => {
    const { inclusions } = batchOf(measurements.slice(0, 12));
    const inclusion = inclusions[5] ?? assert.fail();
    assert.ok(!includes(inclusion, at(12)));
    assert.ok(!includes(inclusion, at(6)));
    assert.ok(!includes({ ...inclusion, index: 6 }, at(5)));
    assert.ok(!includes({ ...inclusion, size: 20 }, at(5)));
    assert.ok(!includes({ ...inclusion, path: inclusion.path.slice(1) }, at(5)));
    assert.ok(!includes(inclusion, { ...at(5), signatures: at(6).signatures }));
  });

  it('holds at least one measurement and at most 100,000', () => {
    const refuses = (jws: readonly Jws[], why: RegExp) =>
      assert.throws(
        () => batchOf(jws),
        (error) => error instanceof TraceCalError && error.code === 'INPUT_INVALID' && why.test(error.message),
      );
    refuses([], /1 to 100000 measurements, not 0/);
    refuses(new Array<Jws>(100_001).fill(at(0)), /not 100001/);
  });

  it("is anchored in the site's compartment by one transaction that reads nothing, and found there again", async () => {
    const levels = await levelsOfSiteA();
    const site = new Measurement(ledgerOf(levels.measurement, recorderOf('oem-a')), () => undefined);
    const { root, size } = batchOf(measurements);
    const { result } = await site.anchorMeasurements(root, size);
    assert.deepEqual([result.root, result.size], [root, size]);
    await site.anchorMeasurements(root, size);
    const anchorsOf = (of: string) => collected(site.getMeasurementsAnchors(of, size));
    const anchors = await anchorsOf(root);
    assert.deepEqual(
      anchors.map(({ by }) => by),
      ['OemAMSP', 'OemAMSP'],
    );
    assert.equal(anchors[0]?.recorded.txId, result.txId);
    const request = JSON.stringify({ root, size });
    const { reads, writes } = await levels.measurement.simulate(recorderOf('oem-a'), 'anchorMeasurements', request);
    assert.deepEqual([reads.length, writes.size], [0, 1]);
    await assert.rejects(anchorsOf('0'.repeat(64)), { code: 'NOT_FOUND' });
    const early = await collected(site.getMeasurementsAnchors(root, size, { to: '2001-01-01T00:00:00Z' }));
    assert.deepEqual(early, [], 'it is anchored, at another time');
    await assert.rejects(site.anchorMeasurements('no root', 1), { code: 'INPUT_INVALID' });
    await assert.rejects(site.anchorMeasurements(root, 100_001), { code: 'INPUT_INVALID' });
    const stranger = new Measurement(ledgerOf(levels.measurement, callerOf('oem-a')), () => undefined);
    await assert.rejects(stranger.anchorMeasurements(root, size), { code: 'NOT_AUTHORISED' });
  });

  it('stays found where somebody writes its root again and again, also for other sizes: the first time comes first', async () => {
    const levels = await levelsOfSiteA();
    const { measurement } = levels;
    const site = new Measurement(ledgerOf(measurement, recorderOf('oem-a')), () => undefined);
    const { root, size } = batchOf(measurements);
    const { result } = await site.anchorMeasurements(root, size);
    measurement.now = instantOf(millisecondsOf(measurement.now) + 1000);
    for (let count = 1; count <= 250; count += 1) {
      await site.anchorMeasurements(root, count % 5 === 0 ? size + 1 : size);
    }
    const question = JSON.stringify({ root, size, pageSize: 50 });
    const page = await ask<Page<MeasurementsAnchor>>(measurement, 'getMeasurementsAnchors', question);
    assert.equal(page.items.length, 50);
    assert.notEqual(page.bookmark, '');
    assert.equal(page.items[0]?.recorded.txId, result.txId);
    const all = await collected(site.getMeasurementsAnchors(root, size));
    assert.equal(all.length, 201);
    const times = all.map(({ recorded }) => recorded.time);
    assert.deepEqual(times, times.toSorted());
  });
});

async function collected<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
