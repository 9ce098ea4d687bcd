import assert from 'node:assert/strict';
import { findingId } from '@tracecal/core/contracts';
import { Measurement, Monitoring } from '@tracecal/gateway-client';
import { findingOf } from '../../support/findings.js';
import { ledgerOf } from '../../support/ledgerOf.js';
import { levelsOfSiteA, recorderOf } from '../../support/levels.js';
import type { Levels } from '../../support/levels.js';

const COUNT = 60;

async function all<T>(sequence: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of sequence) items.push(item);
  return items;
}

describe('a site through the SDK', () => {
  let levels: Levels;
  let site: Measurement;
  let monitor: Monitoring;
  let closed: number;

  beforeEach(async () => {
    levels = await levelsOfSiteA();
    closed = 0;
    const close = (): void => {
      closed += 1;
    };
    site = new Measurement(ledgerOf(levels.measurement, recorderOf('oem-a')), close);
    monitor = new Monitoring(ledgerOf(levels.monitoring, recorderOf('monitor')), close);
  });

  it('records verdicts, which are read back device by device and batch by batch', async () => {
    const { result, endorsedBy } = await site.recordTraces(['oem-a/sensor-a', 'ghost'], levels.measurement.now);
    assert.deepEqual({ ...result.counts }, { TRACEABLE: 1, ATTESTED: 0, INCOMPLETE: 0, FAILED: 1 });
    assert.deepEqual(endorsedBy, ['OemAMSP']);
    assert.equal(site.channel, 'measurement-a');
    const [verdict] = await all(site.getTraces('ghost'));
    assert.deepEqual([verdict?.status, verdict?.check, verdict?.batch], ['FAILED', 'registered', result.id]);
    const [batch] = await site.getBatches([result.id]);
    assert.deepEqual([batch?.digest, batch?.by], [result.digest, 'OemAMSP']);
  });

  it('fetches long lists page by page, in order, and those of a period', async () => {
    const ids: string[] = [];
    for (let count = 0; count < COUNT; count += 1) {
      ids.push((await site.recordTraces(['oem-a/sensor-a'], levels.measurement.now)).result.id);
    }
    const batches = await all(site.listBatches());
    assert.deepEqual(
      batches.map(({ id }) => id),
      ids,
    );
    assert.equal((await all(site.getTraces('oem-a/sensor-a'))).length, COUNT);
    const [from, to] = [batches[10]?.asOf ?? '', batches[12]?.asOf ?? ''];
    const period = await all(site.getTraces('oem-a/sensor-a', { from, to }));
    assert.deepEqual(
      period.map(({ batch }) => batch),
      ids.slice(10, 13),
    );
  });

  it("takes the monitor's conclusions, which its operator reads", async () => {
    const { result: recorded } = await site.recordTraces(['oem-a/sensor-a'], levels.measurement.now);
    levels.monitoring.now = levels.measurement.now;
    const { result } = await monitor.recordAssessment('CONFORMING', [recorded.id]);
    assert.equal(monitor.channel, 'monitoring-a');
    assert.deepEqual(
      (await all(monitor.getAssessments())).map(({ id, conclusion, batches }) => [id, conclusion, batches[0]?.digest]),
      [[result.id, 'CONFORMING', recorded.digest]],
    );
    assert.deepEqual(await all(monitor.getAssessments({ to: '2000-01-01T00:00:00Z' })), []);
  });

  it("takes the monitor's findings once each, which its operator reads by period, subject and id", async () => {
    const findings = Array.from({ length: COUNT }, (_, place) => findingOf(String(place)));
    const [first = findingOf('0')] = findings;
    const { result } = await monitor.recordFindings(findings.slice(0, 50));
    assert.deepEqual([result.ids.length, result.known.length], [50, 0]);
    const again = await monitor.recordFindings(findings.slice(40));
    assert.deepEqual([again.result.ids.length, again.result.known.length], [10, 10]);
    const ids = findings.map(findingId);
    assert.deepEqual(
      (await all(monitor.getFindings())).map(({ id }) => id),
      ids,
    );
    assert.equal((await all(monitor.getFindings({ subject: first.subject }))).length, COUNT);
    assert.deepEqual(await all(monitor.getFindings({ subject: { kind: 'site', id: 'a' } })), []);
    assert.deepEqual(await all(monitor.getFindings({ to: '2000-01-01T00:00:00Z' })), []);
    assert.equal((await monitor.getFinding(ids[0] ?? '')).says, first.says);
  });

  it('tells what became of a transaction, and closes its own connection', async () => {
    assert.equal((await site.outcome('5f'.repeat(32))).state, 'committed');
    site.close();
    monitor.close();
    assert.equal(closed, 2);
  });
});
