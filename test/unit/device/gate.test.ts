import assert from 'node:assert/strict';
import type { EvidenceAnswer } from '@tracecal/core/contracts';
import { traceOptions } from '@tracecal/core/trace';
import { trustedRoots } from '@tracecal/gateway-client';
import { decide, GATE_OUTCOMES, worst } from '@tracecal/gateway-client/device';
import type { GateAsked, GateOutcome } from '@tracecal/gateway-client/device';
import { BUNDLE_TYPE, bundleText, parseTrust } from '@tracecal/gateway-client/proof/verify';
import type { HeadSeen } from '@tracecal/gateway-client/proof/verify';
import { later, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { logOf } from '../../support/logOf.js';
import type { LogTexts } from '../../support/logOf.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, registryOf, submit } from '../../support/registry.js';

const DEVICE = 'oem-a/sensor-a';
const DAY = 86_400;

describe('The boot gate', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;
  let sealedEpochs: number;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    sealedEpochs = hierarchy.seals.length;
  });

  async function bundleOf(device = DEVICE, asOf = ledger.now): Promise<string> {
    const { knownAt, quantity, intervalDays, at } = traceOptions({ asOf });
    const question = { asOf, knownAt, quantity, intervalDays, at };
    const { epoch, evidence } = await ask<EvidenceAnswer>(ledger, 'getEvidence', device, question);
    return bundleText({ type: BUNDLE_TYPE, device, question, epoch, evidence });
  }

  async function sealed(): Promise<LogTexts> {
    ledger.now = later(ledger.now, 3600);
    const [first = '', second = ''] = hierarchy.institutes;
    const number = sealedEpochs;
    sealedEpochs += 1;
    await submit(ledger, hierarchy.seal(ledger.now, { institute: first, number }));
    const { digest } = await ask<{ digest: string }>(ledger, 'getEpochDigest', String(number));
    for (const institute of [first, second]) {
      await submit(ledger, hierarchy.addHeartbeat(institute, { number, digest, registered: ledger.now }));
    }
    return logOf(ledger);
  }

  function askedWith(log: LogTexts | null, changes: Partial<GateAsked> = {}): GateAsked {
    const institutes = hierarchy.institutes.slice(0, 2);
    const roots = institutes.map((name) => ({
      name,
      sha256: hierarchy.holder('organisation', name).certificateSha256,
    }));
    const trust = parseTrust(JSON.stringify({ type: 'tracecal-trust/1', roots, heartbeats: { k: 2 } }));
    return {
      trust: { ...trust, roots: trustedRoots(trust) },
      ...(log && { log }),
      clock: { now: later(ledger.now, 60), maxAgeSeconds: DAY },
      seen: null,
      ...changes,
    };
  }

  async function outcomeOf(bundle: string, asked: GateAsked): Promise<GateOutcome> {
    const { outcome, devices } = await decide([{ device: DEVICE, bundle }], asked);
    assert.match(devices[0]?.why ?? '', /^\S.*\.$/s);
    return outcome;
  }

  it('opens for a sound device whose bundle the log shows to be fresh', async () => {
    const bundle = await bundleOf();
    const { outcome, devices, seen } = await decide([{ device: DEVICE, bundle }], askedWith(await sealed()));
    assert.deepEqual([outcome, devices[0]?.verdict?.status], ['open', 'TRACEABLE']);
    assert.ok(seen);
  });

  it('stays closed when nobody has signed recently enough, but for a time of grace', async () => {
    const bundle = await bundleOf();
    const log = await sealed();
    const clock = { now: later(ledger.now, 3 * DAY), maxAgeSeconds: DAY };
    assert.equal(await outcomeOf(bundle, askedWith(log, { clock })), 'stale');
    assert.equal(await outcomeOf(bundle, askedWith(log, { clock: { ...clock, graceSeconds: DAY } })), 'stale');
    const { outcome, devices } = await decide(
      [{ device: DEVICE, bundle }],
      askedWith(log, { clock: { ...clock, graceSeconds: 3 * DAY } }),
    );
    assert.equal(outcome, 'grace');
    assert.match(devices[0]?.why ?? '', /^In grace: .*2 trusted institutes have to have signed/);
  });

  it('stays closed when something was registered since that may matter, in grace as well', async () => {
    const bundle = await bundleOf();
    await submit(
      ledger,
      hierarchy.addStatement('revocation', ['device', 'working-a'], { registered: ledger.now, effective: ledger.now }),
    );
    const log = await sealed();
    const clock = { now: later(ledger.now, 60), maxAgeSeconds: DAY, graceSeconds: 7 * DAY };
    assert.equal(await outcomeOf(bundle, askedWith(log, { clock })), 'stale');
    assert.equal(await outcomeOf(await bundleOf(), askedWith(log, { clock })), 'revoked');
  });

  it('goes by the heartbeats in the bundle where there is no log', async () => {
    await sealed();
    const bundle = await bundleOf();
    assert.equal(await outcomeOf(bundle, askedWith(null)), 'open');
    const clock = { now: later(ledger.now, 2 * DAY), maxAgeSeconds: DAY };
    assert.equal(await outcomeOf(bundle, askedWith(null, { clock })), 'stale');
    assert.equal(await outcomeOf(bundle, askedWith(null, { clock: { ...clock, graceSeconds: DAY + 3600 } })), 'grace');
    assert.equal(await outcomeOf(bundle, askedWith(null, { clock: null })), 'broken');
  });

  it('takes nothing older than what it has seen, with a clock or without one', async () => {
    const bundle = await bundleOf();
    const first = await sealed();
    const before = await decide([{ device: DEVICE, bundle }], askedWith(first, { clock: null }));
    assert.equal(before.outcome, 'open');
    const second = await sealed();
    const after = await decide([{ device: DEVICE, bundle }], askedWith(second, { clock: null, seen: before.seen }));
    assert.equal(after.outcome, 'open');
    for (const clock of [null, { now: later(ledger.now, 60), maxAgeSeconds: DAY, graceSeconds: DAY }]) {
      const again = await decide([{ device: DEVICE, bundle }], askedWith(first, { clock, seen: after.seen }));
      assert.deepEqual([again.outcome, again.seen], ['rolled-back', after.seen]);
    }
    const forked: HeadSeen = { ...(after.seen ?? assert.fail()), digest: '0'.repeat(64) };
    assert.equal(await outcomeOf(bundle, askedWith(second, { seen: forked })), 'rolled-back');
  });

  it('stays closed for another device, a damaged file, and nothing at all', async () => {
    const bundle = await bundleOf();
    const log = await sealed();
    const other = await bundleOf('oem-b/sensor-b');
    for (const broken of [other, bundle.slice(0, -2), '', '{}']) {
      assert.equal(await outcomeOf(broken, askedWith(log)), 'broken');
    }
    const { outcome } = await decide([], askedWith(log));
    assert.equal(outcome, 'broken');
  });

  it('judges a set as one: the worst device decides', async () => {
    const [bundle, other] = [await bundleOf(), await bundleOf('oem-b/sensor-b')];
    const log = await sealed();
    const both = [
      { device: DEVICE, bundle },
      { device: 'oem-b/sensor-b', bundle: other },
    ];
    assert.equal((await decide(both, askedWith(log))).outcome, 'open');
    const [first = assert.fail(), second = assert.fail()] = both;
    const one = await decide([first, { ...second, quarantined: 'it was dropped' }], askedWith(log));
    assert.deepEqual(
      [one.outcome, ...one.devices.map(({ outcome }) => outcome)],
      ['quarantined', 'open', 'quarantined'],
    );
  });

  const BELOW: readonly (readonly [GateOutcome, string, (hierarchy: Hierarchy) => unknown])[] = [
    [
      'incomplete',
      'a report that nobody has accepted',
      (own) =>
        own.addReport({
          id: 'next',
          device: 'sensor-a',
          technician: 't-oem-a',
          parents: ['working-a-r1'],
          supersedes: 'sensor-a-r1',
          accepted: false,
        }),
    ],
    ['revoked', 'a suspended laboratory', (own) => own.addStatement('suspension', ['organisation', 'lab-alpha'])],
    ['overdue', 'an interval that is over', (own) => own.require('oem-a', { intervalDays: 1 })],
    [
      'not-conforming',
      'a conformity that its owner requires',
      (own) => own.require('oem-a', { conformity: 'conforms' }),
    ],
  ];
  for (const [outcome, what, change] of BELOW) {
    it(`says ${outcome} for ${what}`, async () => {
      hierarchy = await twoCountries();
      change(hierarchy);
      ledger = await registryOf(hierarchy);
      ledger.now = later(ledger.now, 2 * DAY);
      assert.equal(await outcomeOf(await bundleOf(), askedWith(await sealed())), outcome);
    });
  }

  it('has an exit code of its own for every outcome, from 100 to 109', () => {
    const codes = Object.values(GATE_OUTCOMES);
    assert.deepEqual([...codes].sort(), [100, 101, 102, 103, 104, 105, 106, 107, 108, 109]);
    assert.equal(worst(['open', 'grace', 'stale']), 'stale');
    assert.equal(worst([]), 'broken');
  });
});
