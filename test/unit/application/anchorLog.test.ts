import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anchorLog, batchesOfLog, proveMeasurement } from '@tracecal/gateway-client/application';
import type { AnchoringSite } from '@tracecal/gateway-client/application';
import { TraceCalError } from '@tracecal/gateway-client';
import type { Outcome } from '@tracecal/gateway-client';
import { MeasurementLog, requireIncluded } from '@tracecal/gateway-client/device';
import type { Bundle } from '@tracecal/gateway-client/proof/verify';
import { twoCountries } from '../../support/hierarchy.js';
import { Instrument, READING } from '../../support/instrument.js';
import { loggedBundle } from '../../support/loggedBundle.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

/** A site's channel that does with each transaction what it is told: it is written, or its outcome stays unknown. */
class Site implements AnchoringSite {
  readonly channel: string = 'measurement-a';
  readonly written: { readonly root: string; readonly size: number; readonly txId: string }[] = [];
  readonly outcomes = new Map<string, Outcome['state']>();
  next: 'committed' | 'lost' | 'killed' = 'committed';

  async anchorMeasurements(root: string, size: number, beforeSending?: (txId: string) => Promise<void>) {
    const txId = String(this.outcomes.size + 1).padStart(64, '0');
    if (this.next === 'killed') {
      throw new Error('the process ends here');
    }
    await beforeSending?.(txId);
    this.outcomes.set(txId, this.next === 'committed' ? 'committed' : 'unknown');
    if (this.next === 'lost') {
      throw new TraceCalError('OUTCOME_UNKNOWN', 'Not known yet.', { txId });
    }
    this.written.push({ root, size, txId });
    return {
      txId,
      blockNumber: 7n,
      endorsedBy: [],
      result: { type: 'MeasurementsAnchored' as const, root, size, txId },
    };
  }

  outcome(txId: string): Promise<Outcome> {
    const state = this.outcomes.get(txId) ?? 'unknown';
    const refusal = new TraceCalError('TRANSACTION_INVALID', 'Refused.', { txId });
    return Promise.resolve(
      state === 'committed'
        ? { state, txId, blockNumber: 9n }
        : state === 'refused'
          ? { state, txId, error: refusal }
          : { state, txId },
    );
  }
}

describe('Anchoring a log of measurements', () => {
  let sensor: Instrument;
  let folder: string;
  let site: Site;

  before(async () => {
    sensor = new Instrument(await twoCountries());
  });

  beforeEach(() => {
    folder = join(temporaryFolder(), 'log');
    site = new Site();
  });

  after(removeTemporaryFolders);

  async function measure(count: number): Promise<void> {
    const { registry, device, signer } = sensor;
    const log = await MeasurementLog.open({ folder, registry, device, signer });
    await Promise.all(Array.from({ length: count }, (_, place) => log.append({ ...READING, value: place })));
    await log.close();
  }

  const rejects = (code: string) => (error: unknown) => error instanceof TraceCalError && error.code === code;

  it('writes one root for all that is new, and finds the path of each value again', async () => {
    await measure(5);
    const batches = await anchorLog(site, folder);
    assert.deepEqual(
      batches.map(({ first, last, size, block }) => [first, last, size, block]),
      [[0, 4, 5, 7]],
    );
    await measure(3);
    await anchorLog(site, folder, { atOnce: 2 });
    assert.deepEqual(
      (await batchesOfLog(folder)).map(({ first, last }) => [first, last]),
      [
        [0, 4],
        [5, 6],
        [7, 7],
      ],
    );
    assert.deepEqual(await anchorLog(site, folder), []);
    const calibration = JSON.parse((await loggedBundle()).bundle) as Bundle;
    const { text, batch } = await proveMeasurement(folder, 6, calibration);
    const { measurement, inclusion } = requireIncluded(text);
    assert.deepEqual([measurement.value, inclusion.index, inclusion.size], [1, 1, 2]);
    assert.equal(inclusion.root, batch?.root);
    assert.equal(inclusion.root, site.written[1]?.root);
  });

  it('asks what became of a transaction before it anchors anything again', async () => {
    await measure(3);
    site.next = 'lost';
    await assert.rejects(anchorLog(site, folder), rejects('OUTCOME_UNKNOWN'));
    await assert.rejects(anchorLog(site, folder), rejects('OUTCOME_UNKNOWN'));
    assert.equal(site.outcomes.size, 1, 'nothing was sent blindly');
    const txId = [...site.outcomes.keys()][0]!;
    site.outcomes.set(txId, 'committed');
    const batches = await anchorLog(site, folder);
    assert.deepEqual([batches.length, batches[0]?.block, site.written.length], [1, 9, 0]);
  });

  it('sends again what was certainly refused, or was never sent', async () => {
    await measure(2);
    site.next = 'killed';
    await assert.rejects(anchorLog(site, folder), /the process ends here/);
    site.next = 'lost';
    await assert.rejects(anchorLog(site, folder), rejects('OUTCOME_UNKNOWN'));
    const txId = [...site.outcomes.keys()][0]!;
    site.outcomes.set(txId, 'refused');
    site.next = 'committed';
    await measure(1);
    const batches = await anchorLog(site, folder);
    assert.deepEqual(
      batches.map(({ first, last, txIds }) => [first, last, txIds.length]),
      [
        [0, 1, 2],
        [2, 2, 1],
      ],
    );
  });

  it('refuses to prove a value whose log holds other measurements than were anchored', async () => {
    await measure(2);
    await anchorLog(site, folder);
    const [batch] = await batchesOfLog(folder);
    assert.ok(batch);
    const path = join(folder, 'anchors', `batch-${'0'.repeat(16)}.json`);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(batch.root, 'f'.repeat(64)));
    const calibration = JSON.parse((await loggedBundle()).bundle) as Bundle;
    await assert.rejects(proveMeasurement(folder, 1, calibration), rejects('MEASUREMENTS_DAMAGED'));
  });
});
