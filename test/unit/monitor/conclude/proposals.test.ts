import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Finding } from '@tracecal/core/contracts';
import { Outbox, Proposals, Store } from '@tracecal/monitor';
import type { Instrument } from '@tracecal/monitor';
import sinon from 'sinon';
import { digest } from '../../../support/findings.js';
import { daysBefore, Fleet, TODAY } from '../../../support/fleet.js';
import { runSeed } from '../../../support/seed.js';
import { removeTemporaryFolders, temporaryFolder } from '../../../support/temporaryFolder.js';

describe('Proposals of a monitor for cohorts', () => {
  let folder: string;
  let store: Store;
  let sent: Finding[];
  let outbox: Outbox;
  let proposals: Proposals;
  const fleet = new Fleet(runSeed);
  const instruments: readonly Instrument[] = fleet.instruments;
  const bad = fleet.instruments.filter(({ batch }) => batch === 'B7');
  const early = bad.map(({ device }) => fleet.finding(device, 20));

  beforeEach(async () => {
    folder = join(temporaryFolder(), 'store');
    sent = [];
    await start();
  });

  afterEach(async () => {
    sinon.restore();
    await store.close();
  });

  after(removeTemporaryFolders);

  async function start(): Promise<void> {
    store = await Store.open(folder);
    const ledger = {
      recordFindings: (page: readonly Finding[]) => Promise.resolve(sent.push(...page)),
    };
    outbox = await Outbox.open(store, { site: 'a', ledger });
    proposals = new Proposals(store, outbox, 'a');
  }

  async function restart(): Promise<void> {
    sinon.restore();
    await store.close();
    await start();
  }

  async function openCohorts(): Promise<readonly string[]> {
    const cohorts: string[] = [];
    for await (const [cohort] of proposals.open()) cohorts.push(cohort);
    return cohorts;
  }

  const options = { at: TODAY, by: ['model', 'firmware', 'batch', 'laboratory', 'site'] } as const;
  const seenWith = (count: number) => () =>
    Promise.resolve({
      since: TODAY,
      until: daysBefore(-10),
      findings: [],
      observations: new Map(
        bad.map(({ device }) => [device, Array.from({ length: count }, (_, place) => digest(`${device} ${place}`))]),
      ),
    });

  it('are made once, also when there is more evidence, and after a restart', async () => {
    const found = await proposals.look(instruments, early, options);
    assert.deepEqual(
      found.map(({ name, subject }) => [name, subject.id]),
      [['cohort', 'batch=B7']],
    );
    await restart();
    const more = [...early, ...fleet.of(bad, 1, 1)];
    assert.deepEqual(await proposals.look(instruments, more, options), []);
    assert.deepEqual(await openCohorts(), ['batch=B7']);
    await outbox.send();
    assert.equal(sent.length, 1);
  });

  it('are released once, when the cohort is in order, and may be made again later', async () => {
    await proposals.look(instruments, early, options);
    assert.deepEqual(await proposals.release(seenWith(4)), []);
    await restart();
    const [release] = await proposals.release(seenWith(5));
    assert.deepEqual([release?.name, release?.proposes?.action], ['cohort-in-order', 'release']);
    assert.deepEqual(await proposals.release(seenWith(5)), []);
    assert.deepEqual(await openCohorts(), []);
    const again = bad.map(({ device }) => fleet.finding(device, 10));
    assert.equal((await proposals.look(instruments, again, options)).length > 0, true);
  });

  it('are not forgotten when the process is killed between any two steps', async () => {
    sinon.stub(store, 'write').rejects(new Error('killed'));
    await assert.rejects(proposals.look(instruments, early, options), /killed/);
    await restart();
    assert.deepEqual(await openCohorts(), []);
    const write = store.write.bind(store);
    sinon.stub(store, 'write').callsFake(async (changes) => {
      await write(changes);
      throw new Error('killed');
    });
    await assert.rejects(proposals.look(instruments, early, options), /killed/);
    await restart();
    assert.deepEqual(await openCohorts(), ['batch=B7']);
    await outbox.send();
    assert.equal(sent.length, 1);
  });
});
