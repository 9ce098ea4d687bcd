import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Disclosure, Jws, Result } from '@tracecal/core/model';
import { sealedDigest, sealResults } from '@tracecal/core/signing';
import { disclosuresOf, statementDigest, TraceCalError } from '@tracecal/gateway-client';
import type { TraceCalErrorCode } from '@tracecal/gateway-client';
import {
  ApplicationError,
  disclosedFacts,
  Bodies,
  KeptResults,
  orForgotten,
  purgeable,
} from '@tracecal/gateway-client/application';
import type { ReportFacts, Session } from '@tracecal/gateway-client/application';
import { temperatureResult } from '../../support/hierarchy.js';
import { salt } from '../../support/pseudonyms.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const REPORT = 'lab-alpha/p-1';

describe('Confidential results that an issuer keeps', () => {
  let folder: string;
  let kept: KeptResults;
  const results: readonly Result[] = [temperatureResult(0.1)];
  const sealed = [sealResults(results, salt)];
  const files = () => readdirSync(join(folder, 'confidential'));
  const put = async (word: string, report = REPORT) => {
    const digest = createHash('sha256').update(word).digest('hex');
    await kept.put({ registry: 'r', report, digest, sealed });
    return digest;
  };

  /** A session in which only this report is registered. */
  const sessionWith = (digest?: string) =>
    ({
      confidential: kept,
      channel: { name: 'calibration', writers: [], readers: [] },
      keys: { has: () => Promise.resolve(false), ids: () => Promise.resolve([]) },
      reader: () =>
        Promise.resolve({
          getReport: (id: string) =>
            digest !== undefined && id === REPORT
              ? Promise.resolve({ id, digest, body: { results: [{ quantity: 'temperature', sealed: true }] } })
              : Promise.reject(new TraceCalError('NOT_FOUND', 'it is not registered')),
        }),
    }) as unknown as Session;

  beforeEach(() => {
    folder = temporaryFolder();
    kept = new KeptResults(folder);
  });
  after(removeTemporaryFolders);

  it('are forgotten if the registry refuses their report, and kept where that is not known', async () => {
    const statement: Jws = { payload: 'e30', signatures: [] };
    const attempt = async (error: Error) => {
      await kept.put({ registry: 'r', report: REPORT, digest: statementDigest(statement), sealed });
      await assert.rejects(
        orForgotten({ confidential: kept, bodies: new Bodies(folder) }, { statement }, () => Promise.reject(error)),
        (thrown) => thrown === error,
      );
      return files().length;
    };
    const refusals: readonly TraceCalErrorCode[] = ['ALREADY_EXISTS', 'PARENT_UNUSABLE', 'MVCC_READ_CONFLICT'];
    for (const code of refusals) assert.equal(await attempt(new TraceCalError(code, 'no')), 0, code);
    assert.equal(await attempt(new ApplicationError('KEYS_MISSING', 'no')), 0);
    const unsettled: readonly TraceCalErrorCode[] = ['OUTCOME_UNKNOWN', 'TIMED_OUT', 'UNAVAILABLE', 'ANSWER_INVALID'];
    for (const code of unsettled) assert.equal(await attempt(new TraceCalError(code, 'perhaps')), 1, code);
    assert.equal(await attempt(new Error('a defect')), 1);
  });

  it('are not used if others can read them', async () => {
    const digest = await put('own');
    assert.equal((await kept.get(REPORT, digest)).report, REPORT);
    chmodSync(kept.pathOf(digest), 0o644);
    await assert.rejects(kept.get(REPORT, digest), ({ code, message }: TraceCalError) => {
      assert.match(message, /confidential results of report lab-alpha\/p-1 can be read by others/);
      return code === 'KEY_EXPOSED';
    });
    const missing = 'f'.repeat(64);
    await assert.rejects(kept.get(REPORT, missing), ({ code }: ApplicationError) => code === 'INPUT_INVALID');
  });

  it('are not given again if others can read what a reader was told', async () => {
    const digest = await put('own');
    assert.deepEqual(await kept.toldTo({ report: REPORT, digest }, 'lab-beta'), []);
    await kept.remember(digest, 'lab-beta', []);
    assert.deepEqual(await kept.toldTo({ report: REPORT, digest }, 'lab-beta'), []);
    const told = files().find((name) => name.endsWith('.told.json'));
    assert.ok(told);
    chmodSync(join(folder, 'confidential', told), 0o644);
    await assert.rejects(
      kept.toldTo({ report: REPORT, digest }, 'lab-beta'),
      ({ code }: TraceCalError) => code === 'KEY_EXPOSED',
    );
  });

  it('are purged with those of attempts that came to nothing, and of no other report', async () => {
    const digest = await put('own');
    const attempt = await put('refused before it was registered');
    const other = await put('other', 'lab-alpha/p-11');
    const found = await purgeable(sessionWith(digest), REPORT);
    assert.deepEqual(found, { report: REPORT, quantities: ['temperature'], digests: [digest, attempt] });
    assert.ok(!found.digests.includes(other));
  });

  it('are purged although they are damaged', async () => {
    const digest = await put('own');
    writeFileSync(kept.pathOf(digest), '{"half":');
    const found = await purgeable(sessionWith(digest), REPORT);
    assert.deepEqual([found.digests, found.quantities], [[digest], ['temperature']]);
  });

  it('are purged although their report was never registered', async () => {
    const attempt = await put('outcome unknown');
    const found = await purgeable(sessionWith(), REPORT);
    assert.deepEqual([found.report, found.digests], [REPORT, [attempt]]);
    await kept.remove(attempt);
    await assert.rejects(purgeable(sessionWith(), REPORT), ({ code }: ApplicationError) => code === 'NOT_REGISTERED');
    await assert.rejects(
      purgeable(sessionWith(attempt), REPORT),
      ({ code }: ApplicationError) => code === 'INPUT_INVALID',
    );
  });

  const shownBy = (all: readonly Result[], disclosed: (whole: Disclosure) => readonly Disclosure[]) => {
    const about = { registry: 'r', report: REPORT, digest: 'a'.repeat(64) };
    const own = [sealResults(all, salt)];
    const [disclosure] = disclosuresOf({ ...about, sealed: own });
    const body = { parents: [], results: own.map((each) => sealedDigest(each)) };
    const facts = { id: REPORT, registry: 'r', digest: about.digest, body, results: [] } as unknown as ReportFacts;
    return disclosedFacts(facts, disclosed(disclosure!));
  };

  it('are shown once, however often they were disclosed', () => {
    assert.deepEqual(shownBy(results, (whole) => [whole, whole]).results, results);
  });

  it('are shown with how many of them were disclosed', () => {
    const kind = (part: (whole: Disclosure) => readonly Disclosure[]) => shownBy(results, part).disclosed;
    const about = { quantity: 'temperature', shown: 1, atMost: 8 };
    assert.deepEqual(
      kind((whole) => [whole]),
      [{ ...about, isComplete: true }],
    );
    assert.deepEqual(
      kind((whole) => [{ ...whole, leaves: whole.leaves.filter(({ result }) => result) }]),
      [{ ...about, isComplete: false }],
    );
    assert.equal(
      kind(() => []),
      undefined,
    );
  });

  it('are shown only as every trace takes them: for this report, with standards that it names', () => {
    const refusal = /does not lead to what report lab-alpha\/p-1 signs/;
    for (const change of [{ report: 'lab-alpha/p-2' }, { registry: 'another' }, { digest: 'b'.repeat(64) }]) {
      assert.throws(() => shownBy(results, (whole) => [{ ...whole, ...change }]), refusal);
    }
    const use = { source: 0, role: 'reference' as const };
    const beyond = results.map((each) => ({ ...each, support: { method: 'direct' as const, uses: [use] } }));
    assert.throws(() => shownBy(beyond, (whole) => [whole]), refusal);
  });

  it('are all shown, although an issuer gave several of them one name', () => {
    const all = [temperatureResult(0.1), temperatureResult(5)];
    const expanded = (each: readonly Result[]) => each.map(({ rows }) => rows[0]?.uncertainty?.expanded).sort();
    assert.deepEqual(expanded(shownBy(all, (whole) => [whole]).results), [0.1, 5]);
    const parts = (whole: Disclosure) => whole.leaves.map((leaf) => ({ ...whole, leaves: [leaf] }));
    const told = (whole: Disclosure) => parts(whole).filter(({ leaves }) => leaves[0]?.result);
    assert.deepEqual(expanded(shownBy(all, told).results), [0.1, 5]);
  });
});
