import assert from 'node:assert/strict';
import { join } from 'node:path';
import { findingId, MAX_EVIDENCE, MAX_PROPOSED } from '@tracecal/core/contracts';
import type { Finding } from '@tracecal/core/contracts';
import { TraceCalError } from '@tracecal/gateway-client';
import { all } from '@tracecal/gateway-client/application';
import { Outbox, Store } from '@tracecal/monitor';
import type { FindingsLedger, OutboxOptions } from '@tracecal/monitor';
import { digest, findingOf } from '../../../support/findings.js';
import { removeTemporaryFolders, temporaryFolder } from '../../../support/temporaryFolder.js';

const unavailable = () => new TraceCalError('UNAVAILABLE', 'The network cannot be reached.');

/** A ledger that does what a test says. */
function ledgerThat(recordFindings: FindingsLedger['recordFindings']): FindingsLedger {
  return { recordFindings };
}

describe('The outbox of a monitor', () => {
  let folder: string;
  let store: Store;

  beforeEach(async () => {
    folder = join(temporaryFolder(), 'store');
    store = await Store.open(folder);
  });

  afterEach(async () => {
    await store.close();
  });

  after(removeTemporaryFolders);

  async function reopened(): Promise<void> {
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
    assert.deepEqual(await all(outbox.waiting()), []);
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
    assert.deepEqual(await all(outbox.refused()), [[findingId(bad), { state: 'refused', finding: bad, why }]]);
    assert.deepEqual(await outbox.put([bad]), [], 'it is not tried again and again');
  });

  it('does not give up while the monitor is suspended or the chaincode is older: that may pass', async () => {
    for (const code of ['STANDING_INVALID', 'NOT_AUTHORISED', 'CHAINCODE_ERROR'] as const) {
      const outbox = await outboxTo(() => Promise.reject(new TraceCalError(code, 'Not now.')), { site: code });
      await outbox.put([findingOf('x')]);
      await assert.rejects(outbox.send(), /Not now/);
      assert.equal((await all(outbox.waiting())).length, 1);
    }
  });

  it('refuses what has not the form of a finding at once, and keeps nothing of it', async () => {
    const outbox = await outboxTo(() => Promise.resolve());
    assert.throws(() => void outbox.put([findingOf('fine'), findingOf('x', { evidence: ['ab'] })]), /finding "drift"/);
    assert.deepEqual(await all(outbox.waiting()), []);
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
});
