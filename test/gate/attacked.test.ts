import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { trustedRoots } from '@tracecal/gateway-client';
import { checkGate, decide, operatorPinText } from '@tracecal/gateway-client/device';
import type { GateAsked, GateFiles, Stapled } from '@tracecal/gateway-client/device';
import { parseTrust } from '@tracecal/gateway-client/proof/verify';
import type { LogFiles } from '@tracecal/gateway-client/proof/verify';
import { GateWorld, journalOf, SENSOR } from '../support/gateWorld.js';
import { later } from '../support/hierarchy.js';
import { logOf } from '../support/logOf.js';
import type { LogTexts } from '../support/logOf.js';
import { Operator } from '../support/operator.js';
import { removeTemporaryFolders } from '../support/temporaryFolder.js';

const DAY = 86_400;
const OTHER = 'oem-b/sensor-b';

/** What somebody can do who may write where the gate reads, or was once trusted. */
describe('tracecal gate, attacked', function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);

  it('reads no pin and no override that is longer than any can be', async () => {
    const world = await GateWorld.of();
    const operator = new Operator(world.hierarchy);
    await world.bundle();
    await world.sealed();
    const { devices, trust, log } = {
      devices: [{ device: SENSOR, bundle: world.path('bundle.json') }],
      trust: world.path('trust.json'),
      log: world.path('log'),
    };
    const pin = operatorPinText(operator.pin);
    const long = ' '.repeat(524_288);
    const now = later(world.ledger.now, 60);
    for (const [own, override] of [
      [`${pin}${long}`, '{}'],
      [pin, long],
    ] as const) {
      const files = { operator: world.file('operator.json', own), override: world.file('override.json', override) };
      const { outcome, why } = await checkGate({ devices, trust, log, now, ...files });
      assert.equal(outcome, 'broken');
      assert.match(why, /(operator|override)\.json is larger than \d{6} bytes/);
    }
  });

  describe('by files that are replaced while it reads', () => {
    let world: GateWorld;
    let [old, log]: [LogTexts | undefined, LogTexts | undefined] = [undefined, undefined];

    before(async () => {
      world = await GateWorld.of();
      await world.bundle();
      await world.bundle(OTHER, 'other.json');
      await world.sealed();
      old = await logOf(world.ledger);
      await world.revoke();
      await world.sealed();
      log = await logOf(world.ledger);
    });

    /** The first one who asks gets the log with the revocation, everybody else the one before it. */
    function replaced(): LogFiles {
      let reads = 0;
      const [first, then] = [log ?? assert.fail(), old ?? assert.fail()];
      return { head: () => ((reads += 1) === 1 ? first.head() : then.head()), epoch: (number) => first.epoch(number) };
    }

    function asked(files: LogFiles, clock: Partial<GateAsked['clock']> = {}): GateAsked {
      const trust = parseTrust(readFileSync(world.path('trust.json'), 'utf8'));
      const own = { now: later(world.ledger.now, 60), maxAgeSeconds: DAY, ...clock };
      return { trust: { ...trust, roots: trustedRoots(trust) }, log: files, clock: own, seen: null };
    }

    function stapled(device: string, name: string): Stapled {
      return { device, bundle: readFileSync(world.path(name), 'utf8') };
    }

    it('judges all devices of a set by the log that was read once', async () => {
      const [sound, revoked] = [stapled(OTHER, 'other.json'), stapled(SENSOR, 'bundle.json')];
      const { seen } = await decide([sound], asked(log ?? assert.fail()));
      const { outcome, devices } = await decide([sound, revoked], { ...asked(replaced()), seen });
      assert.deepEqual([outcome, ...devices.map((each) => each.outcome)], ['stale', 'open', 'stale']);
    });

    it('judges grace by the same log', async () => {
      const device = stapled(SENSOR, 'bundle.json');
      const { outcome } = await decide([device], asked(replaced(), { graceSeconds: 7 * DAY }));
      assert.equal(outcome, 'stale');
    });

    it('says, where an unchanged log is taken as signed less far, that the trust file may be why', async () => {
      const bundle = stapled(OTHER, 'other.json');
      const files = log ?? assert.fail();
      const { seen } = await decide([bundle], asked(files));
      const ahead = { ...(seen ?? assert.fail()), time: later(world.ledger.now, 1) };
      const { outcome, devices } = await decide([bundle], { ...asked(files), seen: ahead });
      assert.equal(outcome, 'rolled-back');
      assert.match(devices[0]?.why ?? '', /The change log still has epoch \d+.*trust file was changed since then/);
      const rolledBack = await decide([stapled(SENSOR, 'bundle.json')], { ...asked(old ?? assert.fail()), seen });
      assert.equal(rolledBack.outcome, 'rolled-back');
      assert.match(rolledBack.devices[0]?.why ?? '', /was seen before: fetch the newest one/);
    });

    it('judges the validity of a trust file by the time of the decision, with or without a log', async () => {
      const { clock, trust } = asked(log ?? assert.fail(), { maxAgeSeconds: 365 * DAY });
      const sound = stapled(OTHER, 'other.json');
      const during = { from: '2020-01-01T00:00:00Z', to: later(world.ledger.now, 3600) };
      const before = { from: later(world.ledger.now, 7200), to: '2099-01-01T00:00:00Z' };
      const outcomes = [];
      for (const validity of [during, before]) {
        for (const more of [{}, { log: log ?? assert.fail() }]) {
          const { outcome, devices } = await decide([sound], {
            trust: { ...trust, validity },
            clock,
            seen: null,
            ...more,
          });
          outcomes.push(devices[0]?.why.includes('trust file cannot be used now') === true ? 'trust' : outcome);
        }
      }
      assert.deepEqual(outcomes, ['open', 'open', 'trust', 'trust']);
    });
  });

  it('says what a program has left out', async () => {
    for (const files of [{}, { devices: [], trust: 'x' }, { devices: [{ device: SENSOR }], trust: 'x' }]) {
      const { outcome, why } = await checkGate(files as unknown as GateFiles);
      assert.equal(outcome, 'broken');
      assert.match(
        why,
        /not accepted at devices: must be the path of a set file, or devices with their bundles\.|at least one device/,
        JSON.stringify(files),
      );
    }
  });

  it('is closed where an operator is named, and none of its directives', async () => {
    const world = await GateWorld.of();
    const { code, stderr } = world.run(world.words('--operator', world.path('operator.json')));
    assert.equal(code, 109);
    assert.match(stderr, /name their folder with --directives/);
  });

  it('is closed as long as no directives were exported, and as soon as the last export is too old', async () => {
    const world = await GateWorld.of();
    await world.bundle();
    await world.sealed();
    const operator = new Operator(world.hierarchy);
    const { now } = world.ledger;
    world.file('operator.json', operatorPinText(operator.pin));
    mkdirSync(world.path('directives'));
    const directed = ['--directives', world.path('directives'), '--operator', world.path('operator.json')];
    const never = world.run(world.words(...directed));
    assert.equal(never.code, 104, never.stderr);
    assert.match(never.stderr, /nobody has exported the directives into .*directive export/);
    world.file('directives/export.json', operator.exported([], later(now, -2 * 3600)));
    assert.equal(world.run(world.words(...directed)).code, 0);
    assert.equal(world.run(world.words(...directed, '--directives-age', '3h')).code, 0);
    const old = world.words(...directed, '--directives-age', '1h');
    const run = world.run(old);
    assert.equal(run.code, 104, run.stderr);
    assert.match(run.stderr, /exported on .*longer ago than they may be old: export them again/);
    const date = later(now, 30);
    const override = { kind: 'override', date, until: later(now, 3600), devices: [{ id: SENSOR }] } as const;
    world.file('override.json', await operator.text(1, override));
    const over = world.run([...old, '--override', world.path('override.json')]);
    assert.equal(journalOf(over)['outcome'], 'override', 'an emergency is when the network is down');
    world.file('directives/export.json', operator.exported([], later(now, 3600)));
    assert.match(world.run(old).stderr, /lies ahead: check the clock/);
    for (const wrong of [[...old, '--no-clock'], world.words('--directives-age', '1h')])
      assert.equal(world.run(wrong).code, 109);
  });
});
