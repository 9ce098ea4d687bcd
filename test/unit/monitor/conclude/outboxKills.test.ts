import assert from 'node:assert/strict';
import { join } from 'node:path';
import { findingId } from '@tracecal/core/contracts';
import type { Finding } from '@tracecal/core/contracts';
import { Monitoring, TraceCalError } from '@tracecal/gateway-client';
import { all } from '@tracecal/gateway-client/application';
import { Outbox, Store } from '@tracecal/monitor';
import type { FindingsLedger } from '@tracecal/monitor';
import sinon from 'sinon';
import { findingOf } from '../../../support/findings.js';
import { ledgerOf } from '../../../support/ledgerOf.js';
import { levelsOfSiteA, recorderOf } from '../../../support/levels.js';
import { runs } from '../../../support/property.js';
import { Random } from '../../../support/random.js';
import { runSeed } from '../../../support/seed.js';
import { removeTemporaryFolders, temporaryFolder } from '../../../support/temporaryFolder.js';

/** The end of a process at any step: nothing after it runs. */
class Killed extends Error {}

describe('The outbox of a monitor that is killed at random', () => {
  let folder: string;
  let store: Store;

  afterEach(() => sinon.restore());
  after(removeTemporaryFolders);

  async function reopened(): Promise<void> {
    sinon.restore();
    await store.close();
    store = await Store.open(folder);
  }

  it('loses no finding and doubles none on the ledger, whatever fails and wherever it is killed', async function () {
    this.timeout(60_000);
    let kills = 0;
    for (let run = 0; run < runs(12); run += 1) {
      const random = new Random(runSeed + run);
      const levels = await levelsOfSiteA();
      const monitoring = new Monitoring(ledgerOf(levels.monitoring, recorderOf('monitor')), () => undefined);
      folder = join(temporaryFolder(), 'store');
      store = await Store.open(folder);
      kills += await survive(random, monitoring);
      await store.close();
    }
    assert.ok(kills > 0);
  });

  /** @returns How often the process was killed meanwhile. */
  async function survive(random: Random, monitoring: Monitoring): Promise<number> {
    const findings = Array.from({ length: random.between(1, 160) }, (_, place) => findingOf(String(place)));
    const kept = new Set<Finding>();
    let isFailing = true;
    const fail = (...errors: readonly (() => Error)[]): void => {
      const error = errors[random.between(0, errors.length - 1)];
      if (isFailing && error && random.chance(0.25)) throw error();
    };
    const killed = () => new Killed('killed');
    const lost = () => new TraceCalError('OUTCOME_UNKNOWN', 'Not known yet.', { txId: 'ab'.repeat(32) });
    const recordFindings: FindingsLedger['recordFindings'] = async (page) => {
      fail(killed, () => new TraceCalError('UNAVAILABLE', 'The network cannot be reached.'));
      await monitoring.recordFindings(page);
      fail(killed, lost);
    };
    const work = async (): Promise<void> => {
      const write = store.write.bind(store);
      sinon.stub(store, 'write').callsFake(async (changes) => {
        fail(killed);
        await write(changes);
        fail(killed);
      });
      const outbox = await Outbox.open(store, { site: 'a', ledger: { recordFindings } });
      for (const finding of findings.filter((each) => !kept.has(each))) {
        await outbox.put([finding]);
        kept.add(finding);
        if (random.chance(0.05)) await outbox.send().catch(exceptFailures);
      }
      for (let attempt = 0; attempt < 4; attempt += 1) await outbox.send().catch(exceptFailures);
      isFailing = false;
      await outbox.send();
    };
    let kills = 0;
    while (!(await ends(work))) {
      kills += 1;
      await reopened();
    }
    await reopened();
    const onLedger = (await all(monitoring.getFindings())).map(({ id }) => id);
    assert.equal(new Set(onLedger).size, onLedger.length, 'nothing is there twice');
    assert.deepEqual([...onLedger].sort(), findings.map(findingId).sort(), `after ${kills} kills`);
    return kills;
  }
});

/** Whether it comes to its end before the process does. */
async function ends(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}

/** A failure of the network passes; the end of the process does not. */
function exceptFailures(error: unknown): void {
  if (!(error instanceof TraceCalError)) throw error;
}
