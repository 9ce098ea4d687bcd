import assert from 'node:assert/strict';
import { ChildProcess, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { trustedRoots } from '@tracecal/gateway-client';
import { logFolder } from '@tracecal/gateway-client/application';
import {
  checkGate,
  decide,
  directiveText,
  execute,
  GATE_OUTCOMES,
  operatorPinText,
  readDirectivesSeen,
  signDirective,
} from '@tracecal/gateway-client/device';
import type { GateAsked, GateRefusal } from '@tracecal/gateway-client/device';
import { parseTrust } from '@tracecal/gateway-client/proof/verify';
import sinon from 'sinon';
import { ended, GateWorld, journalOf, SENSOR } from '../support/gateWorld.js';
import type { GateRun } from '../support/gateWorld.js';
import { later, temperatureScope } from '../support/hierarchy.js';
import type { Hierarchy } from '../support/hierarchy.js';
import { Operator } from '../support/operator.js';
import { removeTemporaryFolders } from '../support/temporaryFolder.js';

const DAY = 86_400;
const RAN = ['--', 'sh', '-c', 'echo ran; exit 7'];

describe('tracecal gate', function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);

  function refused(run: GateRun, outcome: GateRefusal, why = /./): void {
    assert.deepEqual([run.code, run.stdout], [GATE_OUTCOMES[outcome], ''], run.stderr);
    const { outcome: told, code, why: sentence = '' } = journalOf(run);
    assert.deepEqual([told, code], [outcome, String(GATE_OUTCOMES[outcome])], run.stderr);
    assert.match(sentence, why);
  }

  describe('with a sound device', () => {
    let world: GateWorld;

    before(async () => {
      world = await GateWorld.of();
      await world.bundle();
      await world.sealed();
    });

    it('runs the command with the input and output of the gate, and has its exit code', () => {
      const run = world.run(world.words('--', 'sh', '-c', 'cat; echo said >&2; exit 7'), { input: 'given' });
      assert.deepEqual([run.code, run.stdout], [7, 'given'], run.stderr);
      assert.match(run.stderr, /said\n$/);
      const { outcome, devices, verdict = '', heartbeat, 'decided-by': by } = journalOf(run);
      assert.deepEqual([outcome, devices, by], ['open', SENSOR, SENSOR]);
      assert.match(verdict, /^[0-9a-f]{64}$/);
      assert.match(heartbeat ?? '', /^2026-01-01T13:0\d:00Z$/);
      assert.equal(run.stderr.match(/^tracecal-gate: /gm)?.length, 1);
    });

    it('passes signals on, and tells by its exit code which one ended the command', async () => {
      const child = world.start(
        world.words('--', 'sh', '-c', 'trap "echo got; exit 5" TERM; echo up; while :; do sleep 0.1; done'),
      );
      child.stdout.once('data', () => child.kill('SIGTERM'));
      assert.deepEqual((({ code, stdout }) => [code, stdout])(await ended(child)), [5, 'up\ngot\n']);
      assert.equal(world.run(world.words('--', 'sh', '-c', 'kill -KILL $$')).code, 128 + 9);
    });

    it('starts what a shell would start, with the signals of a new process, and says what cannot be started', () => {
      const script = (name: string, text: string) => {
        const path = world.file(name, text);
        chmodSync(path, 0o755);
        return world.run(world.words('--', path));
      };
      assert.deepEqual([script('plain', 'exit 3\n').code], [3]);
      const missing = script('missing', '#!/nowhere/interpreter\n');
      assert.deepEqual([missing.code, missing.stdout], [109, '']);
      assert.match(missing.stderr, /outcome=open[^]*outcome=broken code=109 .*why="The command cannot be started: /);
      const piped = world.run(world.words('--', 'bash', '-o', 'pipefail', '-c', 'yes | head -n 1'));
      assert.deepEqual([piped.code, piped.stdout, piped.stderr.includes('Broken pipe')], [128 + 13, 'y\n', false]);
    });

    it('waits for a command that it may not signal', async () => {
      const go = world.path('go');
      const refusing = sinon.stub(ChildProcess.prototype, 'kill').callsFake(function (this: ChildProcess) {
        this.emit('error', Object.assign(new Error('kill EPERM'), { code: 'EPERM' }));
        return false;
      });
      try {
        const running = execute(['sh', '-c', `while [ ! -e '${go}' ]; do sleep 0.05; done; exit 5`]);
        process.emit('SIGUSR2');
        process.emit('SIGUSR2');
        writeFileSync(go, '');
        assert.equal(await running, 5);
      } finally {
        refusing.restore();
      }
    });

    it('decides about all devices, and in grace, from one head of the log, however often that is replaced', async () => {
      const own = await GateWorld.of();
      const [old, bundle] = [await own.sealed('old'), readFileSync(await own.bundle(), 'utf8')];
      await own.revoke();
      await own.sealed();
      const trust = parseTrust(readFileSync(own.path('trust.json'), 'utf8'));
      const [first, later_] = [logFolder(own.path('log')), logFolder(old)];
      const asked = (maxAgeSeconds: number, graceSeconds?: number): GateAsked => {
        let reads = 0;
        const head = () => ((reads += 1), reads === 1 ? first.head() : later_.head());
        return {
          trust: { ...trust, roots: trustedRoots(trust) },
          log: { head, epoch: (number) => first.epoch(number) },
          clock: { now: later(own.ledger.now, 60), maxAgeSeconds, ...(graceSeconds !== undefined && { graceSeconds }) },
          seen: null,
        };
      };
      const stapled = { device: SENSOR, bundle };
      const another = {
        device: 'oem-b/sensor-b',
        bundle: readFileSync(await own.bundle('oem-b/sensor-b', 'b.json'), 'utf8'),
      };
      assert.equal((await decide([another, stapled], asked(7 * DAY))).outcome, 'stale');
      assert.equal((await decide([stapled], asked(7 * DAY, 7 * DAY))).outcome, 'stale');
    });

    it('only decides without a command, and prints the whole decision', () => {
      const run = world.run(world.words('--json'));
      assert.equal(run.code, 0, run.stderr);
      const { type, outcome, devices } = JSON.parse(run.stdout) as {
        type: string;
        outcome: string;
        devices: unknown[];
      };
      assert.deepEqual([type, outcome, devices.length], ['tracecal-gate/1', 'open', 1]);
    });

    it('is closed for whatever it does not understand, and for what is not there', () => {
      const wrong: readonly (readonly string[])[] = [
        [],
        world.words('--'),
        world.words('--loud', ...RAN),
        world.words('--max-age', 'soon', ...RAN),
        world.words('--accept', 'FAILED', ...RAN),
        world.words('--trust', world.path('trust.json'), ...RAN),
        world.words('oem-b/sensor-b', ...RAN),
        world.words('--no-clock', '--grace', '7d', ...RAN),
        world.words('--directives', world.folder, ...RAN),
        ['--set', world.path('nowhere.json'), '--trust', world.path('trust.json'), ...RAN],
        [SENSOR, '--trust', world.path('nowhere.json'), '--bundle', world.path('bundle.json'), ...RAN],
        [SENSOR, '--trust', world.path('trust.json'), '--bundle', world.path('nowhere.json'), ...RAN],
        ['oem-b/sensor-b', '--trust', world.path('trust.json'), '--bundle', world.path('bundle.json'), ...RAN],
        world.words('--', '/nowhere/program'),
      ];
      for (const args of wrong) {
        const run = world.run(args);
        assert.deepEqual([run.code, run.stdout], [109, ''], `${args.join(' ')}: ${run.stderr}`);
        assert.match(run.stderr, /outcome=broken code=109/);
      }
    });

    it('shows its options and exit codes', () => {
      const { code, stdout } = world.run(['--help']);
      assert.equal(code, 0);
      for (const each of ['--max-age <span>', ...Object.values(GATE_OUTCOMES).map(String)])
        assert.ok(stdout.includes(each));
    });

    it('takes a set as one: every device has to be sound', async () => {
      await world.bundle('oem-b/sensor-b', 'other.json');
      const set = (...devices: readonly object[]) =>
        world.file('set.json', JSON.stringify({ type: 'tracecal-gate-set/1', devices }));
      const [one, other] = [
        { device: SENSOR, bundle: 'bundle.json' },
        { device: 'oem-b/sensor-b', bundle: 'other.json' },
      ];
      const args = [
        '--set',
        set(one, other),
        '--trust',
        world.path('trust.json'),
        '--log',
        await world.sealed(),
        ...RAN,
      ];
      const both = world.run(args);
      assert.deepEqual([both.code, journalOf(both)['devices']], [7, `${SENSOR},oem-b/sensor-b`], both.stderr);
      set(one, { ...other, bundle: 'bundle.json' });
      refused(world.run(args), 'broken', /oem-b\/sensor-b/);
      for (const devices of [[], [one, one], [{ ...one, more: 1 }]]) {
        set(...devices);
        refused(world.run(args), 'broken');
      }
    });
  });

  describe('refuses what is older than it has seen', () => {
    let world: GateWorld;

    beforeEach(async () => {
      world = await GateWorld.of();
      await world.bundle();
      await world.sealed('old');
      await world.sealed();
    });

    for (const clock of [[], ['--no-clock']]) {
      it(clock.length === 0 ? 'by a clock' : 'without a clock', () => {
        assert.equal(world.run(world.words(...clock, ...RAN)).code, 7);
        assert.ok(existsSync(world.path('log.seen.json')));
        const old = world
          .words('--seen', world.path('log.seen.json'), ...clock, ...RAN)
          .map((word) => (word === world.path('log') ? world.path('old') : word));
        refused(world.run(old), 'rolled-back', /was seen before/);
      });
    }

    it('and stays closed where it cannot remember, or its memory is damaged', () => {
      refused(world.run(world.words('--seen', '/proc/nowhere/seen.json', ...RAN)), 'broken', /cannot be written/);
      writeFileSync(world.path('log.seen.json'), '{');
      refused(world.run(world.words(...RAN)), 'broken');
    });

    it('takes the time from heartbeats where there is no clock, also for how long a trust file holds', () => {
      const validity = { from: '2025-01-01T00:00:00Z', to: '2025-06-01T00:00:00Z' };
      const over = world.trust(undefined, { validity }, 'over.json');
      const words = world.words('--no-clock', ...RAN).map((word) => (word === world.path('trust.json') ? over : word));
      refused(world.run(words, { now: '2025-02-01T00:00:00Z' }), 'broken', /trust file cannot be used now/);
      rmSync(world.path('log.seen.json'), { force: true });
      world.trust(undefined, { validity: { ...validity, to: '2027-01-01T00:00:00Z' } }, 'over.json');
      assert.equal(world.run(words, { now: '1970-01-02T00:00:00Z' }).code, 7);
    });
  });

  it('runs in grace and says so, and not after it', async () => {
    const world = await GateWorld.of();
    await world.bundle();
    await world.sealed();
    const now = later(world.ledger.now, 3 * DAY);
    refused(world.run(world.words(...RAN), { now }), 'stale');
    const run = world.run(world.words('--grace', '7d', ...RAN), { now });
    assert.equal(run.code, 7, run.stderr);
    assert.equal(journalOf(run)['outcome'], 'grace');
    refused(world.run(world.words('--grace', '7d', ...RAN), { now: later(now, 7 * DAY) }), 'stale');
    refused(world.run(world.words('--grace', '0', ...RAN), { now }), 'stale');
  });

  const REFUSALS: readonly (readonly [GateRefusal, string, (hierarchy: Hierarchy) => unknown])[] = [
    ['revoked', 'a suspended laboratory', (own) => own.addStatement('suspension', ['organisation', 'lab-alpha'])],
    ['overdue', 'an interval that is over', (own) => own.require('oem-a', { intervalDays: 1 })],
    ['not-conforming', 'a missing conformity', (own) => own.require('oem-a', { conformity: 'conforms' })],
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
  ];
  for (const [outcome, what, change] of REFUSALS) {
    it(`has exit code ${GATE_OUTCOMES[outcome]} for ${what}`, async () => {
      const world = await GateWorld.of(change);
      world.ledger.now = later(world.ledger.now, 2 * DAY);
      await world.bundle();
      await world.sealed();
      refused(world.run(world.words(...RAN)), outcome);
    });
  }

  it('has exit code 101 for an accreditation that nobody has accepted, and opens where it is accepted', async () => {
    const claim = { body: 'DAkkS', number: 'D-K-1' };
    const certificate = { number: 'A-1', laboratory: 'The lab-alpha', country: 'DE', issuer: 'lab-alpha' };
    const world = await GateWorld.of(async (own) => {
      own.accredit('lab-alpha', [temperatureScope()], { under: claim });
      await own.addDevice({ id: 'd', technician: 't-oem-a', kind: 'field' });
      const stated = { certificate, accredited: claim };
      own.addReport({ id: 'd-1', device: 'd', technician: 't-lab-alpha', stated });
    });
    await world.bundle('oem-a/d');
    await world.sealed();
    const words = (...more: readonly string[]) => ['oem-a/d', ...world.words(...more).slice(1)];
    refused(world.run(words(...RAN)), 'attested');
    assert.equal(world.run(words('--accept', 'attested', ...RAN)).code, 7);
  });

  it('has exit code 108 for a chain that ends at nobody who is trusted', async () => {
    const world = await GateWorld.of();
    world.trust(world.hierarchy.institutes.slice(1, 2));
    await world.bundle();
    await world.sealed();
    refused(world.run(world.words(...RAN)), 'not-traceable');
  });

  it('has exit code 104 for a device in quarantine, and an officer can override it, which is logged', async () => {
    const world = await GateWorld.of();
    await world.bundle();
    await world.sealed();
    const operator = new Operator(world.hierarchy);
    const { now } = world.ledger;
    const signed = async (name: string, content: object) => {
      const directive = { ...operator.content(1, { date: now, from: now }), ...content };
      const { certificates } = operator.pin;
      world.file(name, directiveText(await signDirective(directive, operator.signer, certificates)));
    };
    world.file('operator.json', operatorPinText(operator.pin));
    world.file('directives/export.json', operator.exported());
    await signed('directives/1.json', { kind: 'quarantine' });
    const directed = ['--directives', world.path('directives'), '--operator', world.path('operator.json')];
    refused(world.run(world.words(...directed, ...RAN)), 'quarantined', /found dropped/);
    const until = later(now, 3600);
    await signed('override.json', {
      kind: 'override',
      date: later(now, 30),
      from: later(now, 30),
      until,
      devices: [{ id: SENSOR }],
    });
    const over = [...directed, '--override', world.path('override.json')];
    const run = world.run(world.words(...over, ...RAN));
    assert.deepEqual([run.code, run.stdout], [7, 'ran\n'], run.stderr);
    assert.equal(journalOf(run)['outcome'], 'override');
    assert.match(journalOf(run)['why'] ?? '', /Overridden by .*officer.*Without it: quarantined/);
    refused(world.run(world.words(...over, ...RAN), { now: later(until, 60) }), 'quarantined');
    const unlogged = spawnSync(
      'sh',
      ['-c', 'exec "$@" 2>&-', 'sh', process.execPath, ...world.program(), ...world.words(...over, ...RAN)],
      {
        encoding: 'utf8',
        env: world.environment(),
      },
    );
    assert.deepEqual([unlogged.status, unlogged.stdout], [109, ''], 'nobody can read that it was overridden');
    rmSync(world.path('directives/1.json'));
    refused(world.run(world.words(...directed, ...RAN)), 'quarantined', /is missing/);
    refused(world.run(world.words(...over, ...RAN)), 'quarantined', /is missing/);
    await signed('directives/1.json', { kind: 'quarantine', reason: 'something else', date: now, from: now });
    refused(world.run(world.words(...over, ...RAN)), 'quarantined', /is not the one that was seen/);
    assert.match(readFileSync(world.path('directives.seen.json'), 'utf8'), /tracecal-directives-seen/);
  });

  it('forgets nothing that gates have seen which start at once', async () => {
    const world = await GateWorld.of();
    const bundle = await world.bundle();
    await world.sealed();
    const operator = new Operator(world.hierarchy);
    world.file('operator.json', operatorPinText(operator.pin));
    world.file('directives/export.json', operator.exported());
    const { now } = world.ledger;
    const devices = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `oem-a/${name}`);
    for (const id of devices) {
      world.file(
        `directives/${id.slice(-1)}.json`,
        await operator.text(1, { date: now, from: now, devices: [{ id, number: 1 }] }),
      );
    }
    await Promise.all(
      devices.map((device) =>
        checkGate({
          devices: [{ device, bundle }],
          trust: world.path('trust.json'),
          directives: world.path('directives'),
          operator: world.path('operator.json'),
          now: later(now, 60),
        }),
      ),
    );
    assert.deepEqual(Object.keys(await readDirectivesSeen(world.path('directives'))).sort(), devices);
  });
});
