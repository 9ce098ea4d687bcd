import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidenceAnswer } from '@tracecal/core/contracts';
import { canonicalJson, instantOf, millisecondsOf, RegistryError } from '@tracecal/core/model';
import { traceOptions } from '@tracecal/core/trace';
import type { TraceOptions, Verdict, VerdictStatus } from '@tracecal/core/trace';
import { readTrustFile, TraceCalError, trustedRoots } from '@tracecal/gateway-client';
import {
  BUNDLE_TYPE,
  bundleText,
  compareLogs,
  epochText,
  readEpoch,
  signedLog,
  verifyBundle,
} from '@tracecal/gateway-client/proof/verify';
import type { Bundle, FreshnessAsked, ProofReport } from '@tracecal/gateway-client/proof/verify';
import fc from 'fast-check';
import { consentsAndReviews, happenings } from '../../support/happenings.js';
import { FIXED_DATES, later, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { logOf, LogTexts } from '../../support/logOf.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { MUTATIONS } from '../../support/mutations.js';
import { asyncProperty, runs } from '../../support/property.js';
import { Random } from '../../support/random.js';
import { ask, registryOf, submit } from '../../support/registry.js';
import { runSeed } from '../../support/seed.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

/** Of each operator on each text. */
const TIMES = runs(4);
const DEVICE = 'oem-a/sensor-a';
/** What the maker of a bundle may ask for, to the verifier's harm. */
const MAKERS: readonly Partial<TraceOptions>[] = [
  {},
  { asOf: FIXED_DATES.founded },
  { knownAt: FIXED_DATES.founded },
  { intervalDays: 36_500 },
];
/** After all that happens. */
const LATER = '2026-02-01T00:00:00Z';
const WORST_FIRST: readonly VerdictStatus[] = ['FAILED', 'INCOMPLETE', 'ATTESTED', 'TRACEABLE'];

describe('A bundle with the change log', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;
  let bundle: Bundle;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    bundle = await bundleOf(ledger);
  });

  after(removeTemporaryFolders);

  const institutes = () => hierarchy.institutes.slice(0, 2);
  const rootsOf = (ids: readonly string[]) => ids.map((id) => hierarchy.holder('organisation', id).certificateSha256);

  /** Seals the open epoch and has institutes sign it. */
  async function beat(...signing: readonly string[]): Promise<void> {
    ledger.now = later(ledger.now, 3600);
    await seal();
    const { number } = await ask<{ number: number }>(ledger, 'getEpoch', '');
    const { digest } = await ask<{ digest: string }>(ledger, 'getEpochDigest', String(number - 1));
    for (const institute of signing) {
      await submit(ledger, hierarchy.addHeartbeat(institute, { number: number - 1, digest, registered: ledger.now }));
    }
  }

  /** By whichever institute still can. */
  async function seal(): Promise<void> {
    for (const institute of hierarchy.institutes) {
      const { number } = await ask<{ number: number }>(ledger, 'getEpoch', '');
      try {
        await submit(ledger, hierarchy.seal(ledger.now, { institute, number }));
        return;
      } catch (error) {
        requireRefusal(error);
      }
    }
  }

  const asked = async (more: Partial<FreshnessAsked> = {}): Promise<FreshnessAsked> => ({
    log: await logOf(ledger),
    k: 2,
    clock: { now: later(ledger.now, 60), maxAgeSeconds: 86_400 },
    seen: null,
    ...more,
  });

  const verified = async (more: Partial<FreshnessAsked> = {}, changed: Bundle = bundle): Promise<ProofReport> =>
    verifyBundle(bundleText(changed), { roots: rootsOf(institutes()), fresh: await asked(more) });

  async function refused(attempt: Promise<unknown>, why: RegExp): Promise<void> {
    await assert.rejects(attempt, (error) => {
      assert.ok(error instanceof RegistryError, String(error));
      assert.equal(error.code, 'INPUT_INVALID');
      assert.match(error.message, why);
      return true;
    });
  }

  it('is fresh as long as nothing that the verdict rests on was named since', async () => {
    await submit(ledger, await hierarchy.addDevice({ id: 'another', technician: 't-oem-a' }));
    await beat(...institutes());
    const { tiers, fresh, notChecked } = await verified();
    assert.equal(tiers.fresh.holds, true, tiers.fresh.shows);
    assert.match(tiers.fresh.shows, /signed by nmi-\w+ \(epoch 1, .*\), nmi-\w+ \(epoch 1/);
    assert.deepEqual(fresh?.changes, []);
    assert.equal(fresh.heartbeats.length, 2);
    assert.match(notChecked.join('\n'), /since the last epoch that the log covers/);
    assert.doesNotMatch(notChecked.join('\n'), /since the bundle was made/);
    const without = await verifyBundle(bundleText(bundle), { roots: rootsOf(institutes()) });
    assert.deepEqual([without.tiers.fresh.holds, without.fresh], [false, null]);
    assert.match(without.tiers.fresh.shows, /no change log was given/);
  });

  it('says which epochs the log covers, and that it covers none since the bundle was made', async () => {
    await beat(...institutes());
    const since = await verified({}, await bundleOf(ledger));
    assert.match(
      since.tiers.fresh.shows,
      /^the log covers epochs up to 1, which ended on 20\S+Z as the log says, and nothing after .* in epoch 2, which nobody/,
    );
    assert.match(since.notChecked.join('\n'), /since the last epoch that the log covers, also before its heartbeats/);
    assert.match(
      (await verified()).tiers.fresh.shows,
      /^the log covers epochs up to 1, .* and in it nothing .*in epoch 1/,
    );
  });

  it('is not fresh after anything that may change its verdict, however far above', async () => {
    await beat(...institutes());
    const { txId } = await submit(
      ledger,
      hierarchy.addStatement('revocation', ['report', 'reference-a-r1'], {
        registered: ledger.now,
        effective: ledger.now,
      }),
    );
    assert.equal((await verified()).tiers.fresh.holds, true, 'what nobody has signed is not known yet');
    await beat(...institutes());
    const { tiers, fresh, verdict } = await verified();
    assert.equal(tiers.fresh.holds, false);
    assert.match(tiers.fresh.shows, new RegExp(`transaction ${txId} in epoch 2\\): have a new one made`));
    assert.deepEqual(fresh?.changes, [{ epoch: 2, txId }]);
    assert.equal(verdict.status, 'TRACEABLE', 'its records say nothing of it');
    const renewed = await verified({}, await bundleOf(ledger));
    assert.deepEqual([renewed.tiers.fresh.holds, renewed.verdict.status], [true, 'FAILED']);
  });

  it('knows what its own epoch brought before it was made, and finds what came after', async () => {
    await submit(ledger, hierarchy.setInterval('sensor-a', 300));
    bundle = await bundleOf(ledger);
    await beat(...institutes());
    assert.equal((await verified()).tiers.fresh.holds, true);
    await submit(ledger, hierarchy.setInterval('sensor-a', 200));
    const between = await bundleOf(ledger);
    await submit(ledger, hierarchy.setInterval('sensor-a', 100));
    await beat(...institutes());
    assert.equal((await verified({}, between)).tiers.fresh.holds, false);
  });

  it('counts k of the trusted institutes, each once, and only if they signed lately enough', async () => {
    const [first = '', second = ''] = institutes();
    await beat(first);
    assert.equal((await verified()).tiers.fresh.holds, true, 'the other signed the epoch before, which suffices');
    await submit(ledger, hierarchy.setInterval('working-b', 300));
    const late = await bundleOf(ledger);
    ledger.now = later(ledger.now, 3 * 86_400);
    await beat(first);
    const { tiers, fresh } = await verified();
    assert.equal(tiers.fresh.holds, false);
    assert.match(tiers.fresh.shows, /^2 trusted institutes have to have signed .*; 1 did: /);
    assert.deepEqual(
      fresh?.heartbeats.map(({ institute }) => institute),
      [first],
    );
    assert.equal((await verified({ k: 1 })).tiers.fresh.holds, true);
    assert.equal((await verified({}, late)).tiers.fresh.holds, false, `${second} signed an earlier epoch only`);
    const strangers = { roots: ['ab'.repeat(32)], fresh: await asked({ k: 1 }) };
    assert.equal((await verifyBundle(bundleText(bundle), strangers)).tiers.fresh.holds, false);
    const ahead = { now: instantOf(millisecondsOf(ledger.now) - 3_600_000), maxAgeSeconds: 86_400 };
    assert.equal((await verified({ k: 1, clock: ahead })).tiers.fresh.holds, false, 'a heartbeat of the future');
  });

  it('is not fresh by a log that ends before it was made', async () => {
    await beat(...institutes());
    const early = await logOf(ledger);
    await beat(...institutes());
    await beat(...institutes());
    const { tiers } = await verified({ log: early }, await bundleOf(ledger));
    assert.equal(tiers.fresh.holds, false);
    assert.match(tiers.fresh.shows, /up to epoch 3 or later/);
  });

  it('is refused with a log that was changed: a line, an order, an epoch, its past, its head', async () => {
    await submit(
      ledger,
      hierarchy.addStatement('revocation', ['device', 'sensor-a'], { registered: ledger.now, effective: ledger.now }),
    );
    await submit(ledger, hierarchy.setInterval('sensor-b', 300));
    await beat(...institutes());
    await beat(...institutes());
    const log = await logOf(ledger);
    assert.equal((await verified({ log })).tiers.fresh.holds, false);
    const own = readEpoch(log.epochs[1]!);
    const [one, two] = own.transactions;
    const withOwn = (change: Partial<typeof own>): LogTexts => log.with(1, epochText({ ...own, ...change }));
    const cases: readonly (readonly [LogTexts, RegExp])[] = [
      [withOwn({ transactions: [two!] }), /file of epoch 2 does not follow that of epoch 1/],
      [withOwn({ transactions: [] }), /does not follow that of epoch 1/],
      [withOwn({ transactions: [two!, one!] }), /transactions in another order/],
      [withOwn({ transactions: [{ ...one!, lines: two!.lines }, two!] }), /does not follow/],
      [withOwn({ previous: 'ab'.repeat(32) }), /does not follow/],
      [
        log.with(2, log.epochs[2]!.replace('\n', `\ntx-9 ${'ab'.repeat(32)}\n`)),
        /the files lead to .*: something was changed or cut out/,
      ],
      [withOwn({ epoch: 2 }), /in place of epoch 1 of calibration, the change log has epoch 2/],
      [withOwn({ channel: 'another' }), /in place of epoch 1 of calibration/],
      [log.with(1, undefined), /lacks the file of epoch 1/],
      [log.with(2, log.epochs[1]), /in place of epoch 2/],
      [
        log.with(2, log.epochs[2]!.replace(/[0-9a-f]{64}\n/, `${'cd'.repeat(32)}\n`)),
        /does not follow that of epoch 1/,
      ],
      [log.with(1, log.epochs[1]!.trimEnd()), /no epoch of a change log, or a part of one/],
      [log.with(1, log.epochs[1]!.replace('\n', '\nxx yy\n')), /no transaction in line 2/],
    ];
    for (const [changed, why] of cases) {
      await refused(verified({ log: changed }), why);
    }
  });

  it('takes the id of a transaction for a line as well, for nobody signs where one begins', async () => {
    ledger.txId = 'ab'.repeat(32);
    await submit(ledger, hierarchy.setInterval('sensor-b', 300));
    ledger.txId = 'cd'.repeat(32);
    await submit(ledger, hierarchy.setInterval('sensor-a', 300));
    ledger.txId = undefined;
    await beat(...institutes());
    const log = await logOf(ledger);
    const own = readEpoch(log.epochs[1]!);
    const [one, two] = own.transactions;
    assert.deepEqual([one?.txId, two?.txId], ['ab'.repeat(32), 'cd'.repeat(32)]);
    const joined = [{ txId: one!.txId, lines: [...one!.lines, two!.txId, ...two!.lines] }];
    const changed = log.with(1, epochText({ ...own, transactions: joined }));
    assert.equal((await verified({ log: changed })).tiers.fresh.holds, false);
    bundle = { ...bundle, epoch: { ...bundle.epoch, number: 1 } };
    const split = [
      { txId: one!.txId, lines: [one!.lines[0]!, two!.txId] },
      { txId: two!.lines[0]!, lines: ['ef'.repeat(32)] },
    ];
    await refused(verified({ log: log.with(1, epochText({ ...own, transactions: split })) }), /order|changed/);
  });

  it('is not fresher by a head that leaves out, makes up or takes back heartbeats', async () => {
    await beat(...institutes());
    const log = await logOf(ledger);
    const head = JSON.parse(log.headText) as { evidence: { exhibits: { of: string[]; record: unknown }[] } };
    const changed = (change: (exhibit: { of: string[]; record: unknown }) => unknown): LogTexts => {
      const exhibits = head.evidence.exhibits.flatMap((each) => change(each) ?? []);
      return Object.assign(Object.create(log) as LogTexts, {
        headText: canonicalJson({ ...head, evidence: { ...head.evidence, exhibits } }),
      });
    };
    const isBeat = ({ of: [kind] }: { of: string[] }) => kind === 'heartbeat';
    const none = await verified({ log: changed((each) => (isBeat(each) ? { ...each, record: null } : each)) });
    assert.equal(none.tiers.fresh.holds, false);
    await refused(verified({ log: changed((each) => (isBeat(each) ? undefined : each)) }), /does not hold heartbeat/);
    const forged = changed((each) =>
      isBeat(each) ? JSON.parse(JSON.stringify(each).replace(/"signature":"..../, '"signature":"AAAA')) : each,
    );
    assert.equal((await verified({ log: forged })).tiers.fresh.holds, false);
    await refused(
      verified({ log: Object.assign(Object.create(log) as LogTexts, { headText: ` ${log.headText}` }) }),
      /canonical/,
    );
  });

  it('is of one registry: a rehearsal with the same keys is told from it, in bundles and in logs', async () => {
    await beat(...institutes());
    const log = await logOf(ledger);
    const own = (await verified({ log })).verdict.registry;
    const roots = rootsOf(institutes());
    hierarchy = await twoCountries('calibration', { ...FIXED_DATES, founded: '2020-01-02T00:00:00Z' });
    ledger = await registryOf(hierarchy);
    const rehearsed = await bundleOf(ledger);
    await beat(...institutes());
    const { verdict, tiers, notChecked } = await verifyBundle(bundleText(rehearsed), {
      roots,
      fresh: await asked({ log }),
    });
    assert.notEqual(verdict.registry, own);
    assert.equal(tiers.fresh.holds, false);
    assert.match(tiers.fresh.shows, /^the log is of registry calibration:.*, and the bundle of calibration:/);
    assert.ok(notChecked.some((line) => line.includes(`whether ${verdict.registry} is the registry that you mean`)));
    const meant = await verifyBundle(bundleText(rehearsed), { roots, registry: verdict.registry });
    assert.ok(!meant.notChecked.some((line) => line.includes('that you mean')));
    await refused(
      verifyBundle(bundleText(rehearsed), { roots, registry: own }),
      /and your trust file names calibration:/,
    );
    await refused(compareLogs(log, await logOf(ledger), { roots, asOf: LATER }), /compare two of the same/);
  });

  it("is judged at the verifier's moment, by all that its records hold, and by the owner's interval", async () => {
    await submit(ledger, hierarchy.setInterval('sensor-a', 365));
    const before = ledger.now;
    const early = await bundleOf(ledger, { intervalDays: 36_500 });
    await beat(...institutes());
    assert.equal((await verified({}, early)).tiers.fresh.holds, true);
    ledger.now = later(ledger.now, 400 * 86_400);
    await beat(...institutes());
    for (const clock of [undefined, null]) {
      const { verdict, tiers } = await verified(clock === null ? { clock } : {}, early);
      assert.equal(verdict.status, 'FAILED', 'overdue by now, whatever the maker of the bundle asked');
      assert.match(verdict.reason, /overdue|due/);
      assert.equal(tiers.fresh.holds, true);
    }
    const effective = ledger.now;
    await submit(
      ledger,
      hierarchy.addStatement('revocation', ['report', 'sensor-a-r1'], { registered: ledger.now, effective }),
    );
    await beat(...institutes());
    for (const makers of [{ knownAt: before }, { asOf: before }]) {
      const { verdict, notChecked } = await verified({}, await bundleOf(ledger, makers));
      assert.equal(verdict.status, 'FAILED', JSON.stringify(makers));
      assert.doesNotMatch(notChecked.join(), /at another moment/);
    }
    const roots = rootsOf(institutes());
    const text = bundleText(await bundleOf(ledger, { knownAt: before, asOf: before }));
    const alone = await verifyBundle(text, { roots });
    assert.equal(alone.verdict.asOf, before);
    assert.match(alone.notChecked.join('\n'), new RegExp(`is the same at another moment than ${before}`));
    assert.equal((await verifyBundle(text, { roots, knownAt: before })).verdict.status, 'TRACEABLE');
    await refused(verifyBundle(text, { roots, device: 'oem-b/sensor-b' }), /about device oem-a\/sensor-a, and you ask/);
    const part = bundleText(await bundleOf(ledger, { quantity: 'temperature' }));
    assert.match((await verifyBundle(part, { roots })).notChecked.join('\n'), /other results: .* for temperature/);
  });

  it('is judged, without a clock, at a moment that institutes have signed, not at a later one of its maker', async () => {
    const against = { registered: ledger.now, effective: ledger.now };
    await submit(ledger, hierarchy.addStatement('suspension', ['device', 'working-a'], against));
    const effective = later(ledger.now, 86_000);
    await submit(
      ledger,
      hierarchy.addStatement('reinstatement', ['device', 'working-a'], { registered: ledger.now, effective }),
    );
    await beat(...institutes());
    const early = await bundleOf(ledger);
    const ahead = { ...early, question: { ...early.question, asOf: later(effective, 60) } };
    for (const each of [early, ahead]) {
      const { verdict, tiers } = await verified({ clock: null }, each);
      assert.deepEqual([verdict.status, verdict.asOf, tiers.fresh.holds], ['FAILED', tiers.fresh.asOf, true]);
      assert.ok(verdict.asOf < effective);
    }
  });

  it('comes with one log: two digests of an epoch are found, with who signed each', async () => {
    await submit(ledger, hierarchy.setInterval('sensor-b', 300));
    await beat(...institutes());
    await beat(...institutes());
    const log = await logOf(ledger);
    const compared = (other: LogTexts) => compareLogs(log, other, { roots: rootsOf(institutes()), asOf: LATER });
    assert.deepEqual(await compared(log), { same: 2, fork: null });
    assert.deepEqual(await compared(log.with(0, undefined)), { same: 2, fork: null }, 'a part of it');
    const own = readEpoch(log.epochs[1]!);
    const cut = log.with(1, epochText({ ...own, transactions: [] }));
    const { same, fork } = await compared(cut);
    assert.deepEqual([same, fork?.epoch, fork?.signers], [0, 1, [[], []]]);
    const last = log.with(2, log.epochs[2]!.replace('\n', `\ntx-9 ${'ab'.repeat(32)}\n`));
    const found = await compared(last);
    assert.deepEqual([found.same, found.fork?.epoch], [1, 2]);
    assert.deepEqual(found.fork?.signers, [[...institutes()].sort(), []]);
  });

  it('gives a verifier without a clock only heads that are newer than the newest seen', async () => {
    await beat(...institutes());
    const old = await logOf(ledger);
    await beat(...institutes());
    const first = await verified({ clock: null });
    assert.equal(first.tiers.fresh.holds, true);
    const { seen } = first.fresh!;
    assert.deepEqual([seen?.registry, seen?.epoch], [first.verdict.registry, 2]);
    await refused(verified({ clock: null, seen, log: old }), /up to epoch 2, .* was seen before/);
    assert.equal((await verified({ clock: null, seen })).tiers.fresh.holds, true, 'the same again is not older');
    await refused(verified({ clock: null, seen: { ...seen!, digest: 'ab'.repeat(32) } }), /keep both as evidence/);
    await refused(verified({ clock: null, seen: { ...seen!, registry: 'other' } }), /the newest one seen is of other/);
  });

  it('goes and remembers as far as all have signed who are asked for: one alone says nothing', async () => {
    const [first = '', other = ''] = institutes();
    await beat(first, other);
    await beat(first);
    const { tiers, fresh } = await verified({ clock: null });
    assert.equal(tiers.fresh.holds, true);
    assert.match(tiers.fresh.shows, /^the log covers epochs up to 1, /);
    assert.equal(fresh?.seen?.epoch, 1);
    const one = await verified({ clock: null, k: 1 });
    assert.match(one.tiers.fresh.shows, /^the log covers epochs up to 2, /);
    assert.equal(one.fresh?.seen?.epoch, 2);
    const three = await verified({ clock: null, k: 3, seen: fresh.seen });
    assert.deepEqual([three.tiers.fresh.holds, three.fresh?.seen], [false, null], 'nothing to remember');
  });

  it('says nothing else when any region of it, of the log or of the trust is damaged, by twelve operators', async function () {
    this.timeout(600_000);
    await submit(ledger, hierarchy.setInterval('sensor-b', 300));
    await beat(...institutes());
    await beat(...institutes());
    const [log, whole] = [await logOf(ledger), rootsOf(institutes())];
    const trust = { type: 'tracecal-trust/1', roots: institutes().map((name, at) => ({ name, sha256: whole[at] })) };
    const texts = new Map([
      ['bundle', bundleText(bundle)],
      ['head', log.headText],
      ...log.epochs.map((text, epoch) => [`epoch ${epoch}`, text ?? ''] as const),
      ['trust', canonicalJson({ ...trust, heartbeats: { k: 2 } })],
    ]);
    const names = [...texts.keys()];
    const file = join(temporaryFolder(), 'trust.json');
    const { clock } = await asked();
    const check = async (changed: ReadonlyMap<string, string>): Promise<ProofReport> => {
      writeFileSync(file, changed.get('trust') ?? '');
      const { heartbeats, ...trusted } = await readTrustFile(file);
      const epochs = log.epochs.map((_, epoch) => changed.get(`epoch ${epoch}`));
      return verifyBundle(changed.get('bundle') ?? '', {
        roots: trustedRoots({ heartbeats, ...trusted }),
        fresh: { log: new LogTexts(changed.get('head') ?? '', epochs), k: heartbeats.k, clock, seen: null },
      });
    };
    const before = await check(texts);
    assert.deepEqual([before.tiers.fresh.holds, before.verdict.status], [true, 'TRACEABLE']);
    const random = new Random(runSeed);
    const counts = { refused: 0, 'not shown': 0, 'same meaning': 0 };
    for (const [at, name] of names.entries()) {
      const [own, other] = [name, names[(at + 1) % names.length]!].map((each) => Buffer.from(texts.get(each)!)) as [
        Buffer,
        Buffer,
      ];
      for (const [operator, mutate] of Object.entries(MUTATIONS)) {
        for (let time = 0; time < TIMES; time += 1) {
          const damaged = Buffer.from(mutate(own, random, other)).toString('utf8');
          const outcome = await outcomeOf(check(new Map([...texts, [name, damaged]])), before, `${name}, ${operator}`);
          counts[outcome] += 1;
        }
      }
    }
    console.log(`Damaged bundles, logs and trust of the tier fresh: ${JSON.stringify(counts)}`);
    assert.ok(counts.refused > 40 * TIMES && counts['not shown'] > 0, JSON.stringify(counts));
  });

  /** Without the date of the last end, which nobody signs: the sentence says that it is the log's word. */
  function signedWords({ fresh }: ProofReport['tiers']): string {
    return fresh.shows.replace(/, which ended on \S+ as the log says/, '');
  }

  /** A bundle may be damaged where nobody signs anything: a link is worse then, or said to be of another epoch. */
  async function outcomeOf(attempt: Promise<ProofReport>, before: ProofReport, what: string) {
    try {
      const { tiers, verdict } = await attempt;
      const isWorse = WORST_FIRST.indexOf(verdict.status) < WORST_FIRST.indexOf(before.verdict.status);
      if (!tiers.fresh.holds || isWorse) return 'not shown';
      assert.deepEqual([signedWords(tiers), verdict.status], [signedWords(before.tiers), before.verdict.status], what);
      return 'same meaning';
    } catch (error) {
      assert.ok(error instanceof RegistryError || error instanceof TraceCalError, `${what}: ${String(error)}`);
      return 'refused';
    }
  }

  it('stays fresh whatever strangers consent to and review, and not if its own laboratory does', async () => {
    const [parent, result] = ['primary-a-r1', hierarchy.resultsOf('reference-a-r1')] as const;
    const amendment = { id: 'reference-a-r2', supersedes: 'reference-a-r1', parents: [parent], results: result };
    const performed = hierarchy.payloadOf('reference-a-r1').body.performed.end;
    const reference = { device: 'reference-a', technician: 't-nmi-north', performed };
    await submit(ledger, hierarchy.addReport({ ...amendment, ...reference, registered: ledger.now }));
    bundle = await bundleOf(ledger);
    const now = () => ({ registered: ledger.now });
    await submit(ledger, hierarchy.consent('oem-b', { laboratory: 'nmi-north', ...now() }));
    await submit(ledger, hierarchy.review('lab-beta', 'reference-a-r2', ['working-b-r1'], { ...now(), reason: '-' }));
    await beat(...institutes());
    const { tiers, verdict } = await verified();
    assert.deepEqual([verdict.status, tiers.fresh.holds], ['TRACEABLE', true], tiers.fresh.shows);
    await submit(ledger, hierarchy.review('lab-alpha', 'reference-a-r2', ['working-a-r1'], { ...now(), reason: '-' }));
    await beat(...institutes());
    assert.equal((await verified()).tiers.fresh.holds, false);
  });

  const AFTERWARDS = { 'anything happened': happenings, 'consents and reviews': consentsAndReviews };
  for (const [what, all] of Object.entries(AFTERWARDS)) {
    it(`is never better, with an older bundle, than a trace over the whole ledger: ${what}`, async function () {
      this.timeout(600_000);
      const counts = { fresh: 0, stale: 0, worse: 0, refused: 0 };
      await asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: all.length }), fc.boolean()), { minLength: 1, maxLength: 6 }),
        async (steps) => {
          hierarchy = await twoCountries();
          ledger = await registryOf(hierarchy);
          const bundles = [await bundleOf(ledger)];
          for (const [step, [place, isDatedBack]] of steps.entries()) {
            const happening = all[place];
            const { now } = ledger;
            if (happening) {
              ledger.now = isDatedBack ? later(now, -600) : now;
              await submit(ledger, await happening(hierarchy, ledger, `h-${step}`)).catch(requireRefusal);
              ledger.now = later(now, 60);
            } else {
              await beat(...institutes()).catch(requireRefusal);
            }
            bundles.push(await bundleOf(ledger, MAKERS[place % MAKERS.length]));
          }
          await beat();
          for (const institute of hierarchy.institutes) {
            await beat(institute).catch(requireRefusal);
          }
          const roots = rootsOf(institutes());
          const now = await ask<Verdict>(ledger, 'traceCal', DEVICE, { asOf: LATER, roots });
          const log = await logOf(ledger);
          const last = (await signedLog(log, { from: 0, roots, asOf: LATER })).heartbeats[0]?.epoch ?? 0;
          if (last < bundles.at(-1)!.epoch.number) {
            return; // Nobody who is trusted can sign any more.
          }
          for (const each of bundles) {
            const fresh = await asked({ log, k: 1, clock: { now: LATER, maxAgeSeconds: 10_000_000 } });
            const proof = await verifyBundle(bundleText(each), { roots, fresh }).catch(requireRefusal);
            if (!proof) {
              counts.refused += 1; // It was made for less than this question needs.
              continue;
            }
            const { verdict, tiers } = proof;
            counts[tiers.fresh.holds ? 'fresh' : 'stale'] += 1;
            const isBetter = WORST_FIRST.indexOf(verdict.status) > WORST_FIRST.indexOf(now.status);
            counts.worse += Number(isBetter);
            assert.ok(!isBetter || !tiers.fresh.holds, `${verdict.status} is better than ${now.status}: ${now.reason}`);
          }
        },
        16,
      );
      assert.ok(
        Object.values(counts).every((count) => count > 0),
        JSON.stringify(counts),
      );
    });
  }
});

async function bundleOf(ledger: MemoryLedger, more: Partial<TraceOptions> = {}): Promise<Bundle> {
  const { asOf, knownAt, quantity, intervalDays, at } = traceOptions({ asOf: ledger.now, ...more });
  const question = { asOf, knownAt, quantity, intervalDays, at };
  const { epoch, evidence } = await ask<EvidenceAnswer>(ledger, 'getEvidence', DEVICE, question);
  return { type: BUNDLE_TYPE, device: DEVICE, question, epoch, evidence };
}

function requireRefusal(error: unknown): void {
  assert.match(String(error), /^RegistryError: (?!INTERNAL)/);
}
