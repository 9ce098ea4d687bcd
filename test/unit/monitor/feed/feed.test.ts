import assert from 'node:assert/strict';
import type { Jws } from '@tracecal/core/model';
import { batchOf } from '@tracecal/gateway-client/device';
import { Feed, FeedFull } from '@tracecal/gateway-client/monitor';
import type { FeedAlarm, SentMeasurement } from '@tracecal/gateway-client/monitor';
import { twoCountries } from '../../../support/hierarchy.js';
import { Instrument } from '../../../support/instrument.js';
import { refusesInput } from '../../../support/refusesInput.js';

const TIME = '2026-03-01T12:00:00Z';
const NOW = Date.parse(TIME);
const LATER = NOW + 901_000;

describe('What a site sends to its monitor, beside what it anchors', () => {
  let measurements: readonly Jws[];
  let sent: readonly SentMeasurement[];
  let anchor: { readonly root: string; readonly size: number; readonly time: string };

  before(async () => {
    const sensor = new Instrument(await twoCountries());
    measurements = (await sensor.chain(13)).map(({ jws }) => jws);
    const batch = batchOf(measurements);
    sent = measurements.map((measurement, index) => ({ measurement, inclusion: batch.inclusions[index]! }));
    anchor = { root: batch.root, size: batch.size, time: TIME };
  });

  const brief = (alarms: readonly FeedAlarm[]): unknown =>
    alarms.map(({ name, received, size }) => [name, received, size]);

  it('raises no alarm when all of it came, whatever came first and in whatever order', () => {
    for (const order of [sent, [...sent].reverse()]) {
      for (const rootFirst of [true, false]) {
        const feed = new Feed();
        if (rootFirst) feed.anchored(anchor);
        assert.deepEqual(new Set(order.map((each) => feed.received(each, NOW))), new Set([true]));
        if (!rootFirst) feed.anchored(anchor);
        assert.deepEqual([feed.complete, feed.waiting, feed.alarms(LATER)], [1, 0, []]);
      }
    }
  });

  it('raises an alarm for values that were anchored and not sent, after its patience', () => {
    const feed = new Feed();
    feed.anchored(anchor);
    for (const each of sent.slice(1)) feed.received(each, NOW);
    assert.deepEqual(feed.alarms(NOW + 900_000), []);
    assert.deepEqual(brief(feed.alarms(LATER)), [['not-sent', 12, 13]]);
    assert.match(feed.alarms(LATER)[0]!.says, /^1 of 13 values were anchored and not sent\.$/);
    // It ends when the missing one comes after all.
    feed.received(sent[0]!, LATER);
    assert.deepEqual(feed.alarms(LATER + 1), []);
  });

  it('raises an alarm for values that were sent and not anchored', () => {
    const feed = new Feed({ patienceSeconds: 60 });
    feed.received(sent[3]!, NOW);
    assert.deepEqual(brief(feed.alarms(NOW + 61_000)), [['not-anchored', 1, 13]]);
    // A root over other values is no root of these.
    const { root } = batchOf(measurements.slice(0, 12));
    feed.anchored({ root, size: 12, time: TIME });
    assert.deepEqual(brief(feed.alarms(LATER)), [
      ['not-anchored', 1, 13],
      ['not-sent', 0, 12],
    ]);
  });

  it('counts nothing twice: neither values, nor roots that are written again', () => {
    const feed = new Feed();
    feed.anchored(anchor);
    for (const each of sent) feed.received(each, NOW);
    assert.equal(feed.received(sent[5]!, NOW), false);
    feed.anchored({ ...anchor, time: '2026-03-02T12:00:00Z' });
    assert.deepEqual([feed.complete, feed.waiting], [1, 0]);

    const other = new Feed();
    assert.deepEqual([other.received(sent[0]!, NOW), other.received(sent[0]!, NOW)], [true, false]);
  });

  it('refuses what is not in the batch that it names, and more batches than it can wait for', () => {
    const feed = new Feed({ mostWaiting: 1 });
    const [first, second] = sent as [SentMeasurement, SentMeasurement];
    refusesInput(() => feed.received({ ...first, inclusion: second.inclusion }, NOW), /not in the batch that it names/);
    const huge = { ...first.inclusion, size: 2 ** 50 };
    refusesInput(() => feed.received({ ...first, inclusion: huge }, NOW), /not in the batch that it names/);
    assert.equal(feed.waiting, 0);
    feed.anchored(anchor);
    const { root } = batchOf(measurements.slice(0, 2));
    assert.throws(
      () => feed.anchored({ root, size: 2, time: TIME }),
      (error) => error instanceof FeedFull && error.message.includes('take no more of this site'),
    );
  });
});
