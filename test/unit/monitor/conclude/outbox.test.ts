import assert from 'node:assert/strict';
import { join } from 'node:path';
import { findingId, MAX_EVIDENCE, MAX_PROPOSED } from '@tracecal/core/contracts';
import type { Finding } from '@tracecal/core/contracts';
import { Monitoring, TraceCalError } from '@tracecal/gateway-client';
import { Outbox, Store } from '@tracecal/monitor';
import type { FindingsLedger, OutboxOptions } from '@tracecal/monitor';
import sinon from 'sinon';
import { digest, findingOf } from '../../../support/findings.js';
import { ledgerOf } from '../../../support/ledgerOf.js';
import { levelsOfSiteA, recorderOf } from '../../../support/levels.js';
import { runs } from '../../../support/property.js';
import { Random } from '../../../support/random.js';
import { runSeed } from '../../../support/seed.js';
import { removeTemporaryFolders, temporaryFolder } from '../../../support/temporaryFolder.js';

/** The end of a process at any step: nothing after it runs. */
class Killed extends Error {}

const unavailable = () => new TraceCalError('UNAVAILABLE', 'The network cannot be reached.');

/** A ledger that does what a test says. */
function ledgerThat(recordFindings: FindingsLedger['recordFindings']): FindingsLedger {
  return { recordFindings };
}

async function listed<T>(sequence: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of sequence) items.push(item);
  return items;
}

describe('The outbox of a monitor', () => {
  let folder: string;
  let store: Store;

  beforeEach(async () => {
    folder = join(temporaryFolder(), 'store');
    store = await Store.open(folder);
  });

  afterEach(async () => {
    sinon.restore();
    await store.close();
  });

  after(removeTemporaryFolders);

  async function reopened(): Promise<void> {
    sinon.restore();
    await store.close();
    store = await Store.open(folder);
  }

  const outboxTo = (recordFindings: FindingsLedger['recordFindings'], more: Partial<OutboxOptions> = {}) =>
    Outbox.open(store, { site: 'a', ledger: ledgerThat(recordFindings), ...more });

  const idsOf = (findings: readonly Finding[]) => findings.map(findingId);

  it('sends each finding once, in the order in which it was put, in pages', async () => {
    const pages: (readonly Finding[])[] = [];
    const outbox = await outboxTo((page) => Promise.resolve(pages.push(page)));
    const findings = Array.from({ length: 120 }, (_, place) => findingOf(String(place)));
    assert.equal((await outbox.put(findings)).length, 120);
    assert.deepEqual(await outbox.put([findings[3] ?? findingOf('3')]), [], 'it was put before');
    await outbox.send();
    assert.deepEqual(
      pages.map(({ length }) => length),
      [50, 50, 20],
    );
    assert.deepEqual(idsOf(pages.flat()), idsOf(findings));
    await outbox.send();
    assert.equal(pages.length, 3);
    assert.deepEqual(await outbox.get(findingId(findingOf('3'))), { state: 'recorded' });
  });

  it('makes pages shorter where findings are long, so that no page is refused for its length', async () => {
    const pages: number[] = [];
    const outbox = await outboxTo((page) => Promise.resolve(pages.push(JSON.stringify(page).length)));
    const devices = Array.from({ length: MAX_PROPOSED }, (_, place) => `oem-a/${'x'.repeat(100)}${place}`);
    const evidence = Array.from({ length: MAX_EVIDENCE }, (_, place) => digest(String(place)));
    const long = (text: string) => findingOf(text, { evidence, proposes: { action: 'quarantine', devices } });
    await outbox.put(Array.from({ length: 9 }, (_, place) => long(`long ${place}`)));
    await outbox.send();
    assert.ok(pages.length > 1 && pages.length < 9, String(pages.length));
    assert.ok(Math.max(...pages) < 524_288, String(Math.max(...pages)));
  });

  it('has a finding on disk before it says so, and sends it after a restart', async () => {
    const before = await outboxTo(() => Promise.reject(unavailable()));
    await before.put([findingOf('kept')]);
    await assert.rejects(before.send(), /cannot be reached/);
    await reopened();
    const sent: Finding[] = [];
    const outbox = await outboxTo((page) => Promise.resolve(sent.push(...page)));
    assert.deepEqual(await outbox.put([findingOf('kept'), findingOf('later')]), [findingOf('later')]);
    await outbox.send();
    assert.deepEqual(idsOf(sent), idsOf([findingOf('kept'), findingOf('later')]));
  });

  it('keeps the findings of sites apart', async () => {
    const sent: string[] = [];
    for (const site of ['a', 'ab']) {
      const send = (page: readonly Finding[]) =>
        Promise.resolve(sent.push(...page.map(({ says }) => `${site} ${says}`)));
      const outbox = await outboxTo(send, { site });
      await outbox.put([findingOf('same')]);
      await outbox.send();
    }
    assert.deepEqual(sent, ['a Values drift: same.', 'ab Values drift: same.']);
  });

  it('sends a page again of which nobody knows the outcome', async () => {
    let attempts = 0;
    const outbox = await outboxTo(() => {
      attempts += 1;
      return attempts === 1
        ? Promise.reject(new TraceCalError('OUTCOME_UNKNOWN', 'Not known yet.', { txId: 'ab'.repeat(32) }))
        : Promise.resolve();
    });
    await outbox.put([findingOf('x')]);
    await assert.rejects(outbox.send());
    await outbox.send();
    assert.equal(attempts, 2);
    assert.deepEqual(await listed(outbox.waiting()), []);
  });

  it('sets aside a finding that the ledger refuses for good, with the reason, and sends all others', async () => {
    const bad = findingOf('bad');
    const told: string[] = [];
    const sent: Finding[] = [];
    const refuse = (page: readonly Finding[]) => {
      if (page.some((finding) => finding.says === bad.says)) {
        return Promise.reject(new TraceCalError('INPUT_INVALID', 'finding 3 has another form.'));
      }
      return Promise.resolve(sent.push(...page));
    };
    const onFailure = (_error: unknown, refused?: Finding) => told.push(refused?.says ?? 'again');
    const outbox = await outboxTo(refuse, { onFailure });
    await outbox.put([findingOf('1'), findingOf('2'), bad, findingOf('4')]);
    await outbox.send();
    assert.deepEqual(idsOf(sent).sort(), idsOf([findingOf('1'), findingOf('2'), findingOf('4')]).sort());
    assert.deepEqual(told, [bad.says]);
    const why = 'finding 3 has another form.';
    assert.deepEqual(await listed(outbox.refused()), [[findingId(bad), { state: 'refused', finding: bad, why }]]);
    assert.deepEqual(await outbox.put([bad]), [], 'it is not tried again and again');
  });

  it('does not give up while the monitor is suspended or the chaincode is older: that may pass', async () => {
    for (const code of ['STANDING_INVALID', 'NOT_AUTHORISED', 'CHAINCODE_ERROR'] as const) {
      const outbox = await outboxTo(() => Promise.reject(new TraceCalError(code, 'Not now.')), { site: code });
      await outbox.put([findingOf('x')]);
      await assert.rejects(outbox.send(), /Not now/);
      assert.equal((await listed(outbox.waiting())).length, 1);
    }
  });

  it('refuses what has not the form of a finding at once, and keeps nothing of it', async () => {
    const outbox = await outboxTo(() => Promise.resolve());
    assert.throws(() => void outbox.put([findingOf('fine'), findingOf('x', { evidence: ['ab'] })]), /finding "drift"/);
    assert.deepEqual(await listed(outbox.waiting()), []);
  });

  it('sends what comes while it runs, and pauses longer from failure to failure', async () => {
    const pauses: number[] = [];
    const end = new AbortController();
    let failures = 6;
    const sent: Finding[] = [];
    const outbox = await outboxTo(
      (page) => {
        failures -= 1;
        if (failures >= 0) return Promise.reject(unavailable());
        sent.push(...page);
        if (sent.length === 2) end.abort();
        return Promise.resolve();
      },
      {
        backoff: {
          firstMs: 1000,
          longestMs: 8000,
          random: () => 1,
          async pause(ms) {
            pauses.push(ms);
            if (pauses.length === 6) await outbox.put([findingOf('came later')]);
          },
        },
      },
    );
    await outbox.put([findingOf('first')]);
    await outbox.run(end.signal);
    assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 8000, 8000]);
    assert.deepEqual(idsOf(sent), idsOf([findingOf('first'), findingOf('came later')]));
  });

  it('wakes for a finding that comes when nothing waits', async () => {
    const end = new AbortController();
    const outbox = await outboxTo(() => {
      end.abort();
      return Promise.resolve();
    });
    const running = outbox.run(end.signal);
    await outbox.put([findingOf('x')]);
    await running;
    assert.deepEqual(await outbox.get(findingId(findingOf('x'))), { state: 'recorded' });
  });

  it('loses no finding and doubles none on the ledger, whatever fails and wherever the process is killed', async function () {
    this.timeout(60_000);
    let kills = 0;
    for (let run = 0; run < runs(12); run += 1) {
      const random = new Random(runSeed + run);
      const levels = await levelsOfSiteA();
      const monitoring = new Monitoring(ledgerOf(levels.monitoring, recorderOf('monitor')), () => undefined);
      await reopened();
      await store.close();
      folder = join(temporaryFolder(), 'store');
      store = await Store.open(folder);
      kills += await survive(random, monitoring);
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
    const ledger = ledgerThat(async (page) => {
      fail(killed, unavailable);
      await monitoring.recordFindings(page);
      fail(killed, lost);
    });
    const work = async (): Promise<void> => {
      const write = store.write.bind(store);
      sinon.stub(store, 'write').callsFake(async (changes) => {
        fail(killed);
        await write(changes);
        fail(killed);
      });
      const outbox = await Outbox.open(store, { site: 'a', ledger });
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
    const onLedger = (await listed(monitoring.getFindings())).map(({ id }) => id);
    assert.equal(new Set(onLedger).size, onLedger.length, 'nothing is there twice');
    assert.deepEqual([...onLedger].sort(), idsOf(findings).sort(), `after ${kills} kills`);
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
