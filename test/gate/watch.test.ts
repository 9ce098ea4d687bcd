import assert from 'node:assert/strict';
import { ChildProcess, execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Instant } from '@tracecal/core/model';
import { checkGate, operatorPinText, runGate, watchGate } from '@tracecal/gateway-client/device';
import type { GateReport } from '@tracecal/gateway-client/device';
import sinon from 'sinon';
import { eventually } from '../support/eventually.js';
import { ended, GateWorld, journalOf, SENSOR } from '../support/gateWorld.js';
import { later } from '../support/hierarchy.js';
import { Operator } from '../support/operator.js';
import { removeTemporaryFolders } from '../support/temporaryFolder.js';

describe('tracecal gate watch', function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);
  let world: GateWorld;

  beforeEach(async () => {
    world = await GateWorld.of();
    await world.bundle();
    await world.sealed();
  });

  /** Something above the sensor is revoked, and the log of it comes in. */
  async function revoked(): Promise<void> {
    await world.revoke();
    await world.sealed();
  }

  it('stops the command by a signal when a new head brings another verdict, and has the exit code of that', async () => {
    const command = ['--', 'sh', '-c', 'trap "echo stopped; exit 0" TERM; echo up; while :; do sleep 0.1; done'];
    const child = world.start(['watch', ...world.words('--stop', '--max-age', '7d', ...command)]);
    child.stdout.once('data', () => void revoked());
    const run = await ended(child);
    assert.deepEqual([run.code, run.stdout], [100, 'up\nstopped\n'], run.stderr);
    assert.match(run.stderr, /outcome=open code=0[^]*outcome=stale code=100/);
  });

  it('ends a command for certain that does not listen to the signal, and says so', async () => {
    const command = ['--', 'sh', '-c', 'trap "" TERM; echo up; while :; do sleep 0.1; done'];
    const child = world.start(['watch', ...world.words('--stop', '--max-age', '7d', ...command)]);
    child.stdout.once('data', () => void revoked());
    const run = await ended(child);
    assert.deepEqual([run.code, run.stdout], [100, 'up\n'], run.stderr);
    assert.match(
      run.stderr,
      /outcome=stale code=100[^]*signal=SIGKILL why="The command has not ended 10 s after SIGTERM/,
    );
  });

  it('runs nothing that is not sound at the beginning, and ends with the command', async () => {
    const run = world.run(['watch', ...world.words('--', 'sh', '-c', 'exit 3')]);
    assert.equal(run.code, 3, run.stderr);
    await revoked();
    const closed = world.run(['watch', ...world.words('--', 'echo', 'ran')]);
    assert.deepEqual([closed.code, closed.stdout], [100, '']);
  });

  it('marks a file and calls a command with every decision that is another', async () => {
    const [mark, calls] = [world.path('mark.json'), world.path('calls.jsonl')];
    const words = world.words('--max-age', '7d', '--mark', mark, '--call', `cat >> '${calls}'`);
    const child = world.start(['watch', ...words]);
    const run = ended(child);
    const marked = (outcome: string) =>
      eventually(() => {
        assert.equal((JSON.parse(readFileSync(mark, 'utf8')) as GateReport).outcome, outcome);
      });
    await marked('open');
    await revoked();
    await marked('stale');
    await world.bundle();
    await world.log();
    await marked('revoked');
    await eventually(() => {
      assert.equal(readFileSync(calls, 'utf8').trim().split('\n').length, 3);
    });
    child.kill('SIGTERM');
    const { code, stderr } = await run;
    assert.equal(code, 0, stderr);
  });

  it('verifies again after a span, because time makes a verdict worse', async () => {
    let now = later(world.ledger.now, 60);
    const found: string[] = [];
    const end = new AbortController();
    const files = {
      devices: [{ device: 'oem-a/sensor-a', bundle: world.path('bundle.json') }],
      trust: world.path('trust.json'),
      log: world.path('log'),
      get now() {
        return now;
      },
    };
    assert.equal((await checkGate(files)).outcome, 'open');
    await watchGate(files, {
      everySeconds: 1,
      pollMs: 50,
      signal: end.signal,
      onDecision({ outcome }) {
        found.push(outcome);
        now = later(now, 3 * 86_400);
        if (found.length === 2) end.abort();
      },
    });
    assert.deepEqual(found, ['open', 'stale']);
  });

  it('tells each time that it has verified, so that somebody can see that it is alive', async () => {
    const end = new AbortController();
    const found: string[] = [];
    const files = {
      devices: [{ device: SENSOR, bundle: world.path('bundle.json') }],
      trust: world.path('trust.json'),
      log: world.path('log'),
      now: later(world.ledger.now, 60),
    };
    await watchGate(files, {
      everySeconds: 0.1,
      pollMs: 20,
      signal: end.signal,
      onDecision: ({ outcome }) => void found.push(outcome),
      onConfirmed({ outcome }) {
        found.push(`still ${outcome}`);
        if (found.length === 3) end.abort();
      },
    });
    assert.deepEqual(found, ['open', 'still open', 'still open']);
  });

  it('says that it may not signal a command, and waits for it', async () => {
    const [go, up] = [world.path('go'), world.path('up')];
    const command = ['--', 'sh', '-c', `echo up > '${up}'; while [ ! -e '${go}' ]; do sleep 0.05; done; exit 5`];
    const refusing = sinon.stub(ChildProcess.prototype, 'kill').callsFake(function (this: ChildProcess) {
      this.emit('error', Object.assign(new Error('kill EPERM'), { code: 'EPERM' }));
      return false;
    });
    const lines: string[] = [];
    try {
      const streams = { out: () => undefined, err: (text: string) => lines.push(text) > 0 };
      const running = runGate(['watch', ...world.words('--stop', '--max-age', '3650d', ...command)], streams);
      await eventually(() => {
        assert.ok(existsSync(up));
      });
      await revoked();
      await eventually(() => {
        assert.match(lines.at(-1) ?? '', /^tracecal-gate: signal=failed why="The command may not be signalled/);
      });
      writeFileSync(go, '');
      assert.equal(await running, 100);
    } finally {
      writeFileSync(go, '');
      refusing.restore();
    }
  });

  it('stops the command before it calls anybody, who may hang', async () => {
    const pid = world.path('pid');
    // The call waits until the command has ended: it would be ended after its time if the command were stopped only afterwards.
    const call = `grep -q stale && while kill -0 $(cat '${pid}') 2> /dev/null; do sleep 0.05; done; echo called >> '${pid}.calls'`;
    const command = ['--', 'sh', '-c', `echo $$ > '${pid}'; echo up; exec sleep 1000`];
    const child = world.start(['watch', ...world.words('--stop', '--max-age', '7d', '--call', call, ...command)]);
    child.stdout.once('data', () => void revoked());
    const run = await ended(child);
    assert.equal(run.code, 100, run.stderr);
    assert.doesNotMatch(run.stderr, /call=failed[^]*did not end/);
    assert.match(readFileSync(`${pid}.calls`, 'utf8'), /called/);
  });

  it('looks at all that it decides from: what comes into the folder of directives stops the command', async () => {
    const operator = new Operator(world.hierarchy);
    world.file('operator.json', operatorPinText(operator.pin));
    world.file('directives/export.json', operator.exported());
    const directed = ['--directives', world.path('directives'), '--operator', world.path('operator.json')];
    const command = ['--', 'sh', '-c', 'echo up; exec sleep 1000'];
    const child = world.start(['watch', ...world.words('--max-age', '7d', ...directed, ...command)]);
    const { now } = world.ledger;
    const quarantine = await operator.text(1, { date: now, from: now });
    child.stdout.once('data', () => void world.file('directives/1.json', quarantine));
    const run = await ended(child);
    assert.equal(run.code, 104, run.stderr);
  });

  it('ends the command, and does not wait for ever, where a file is a pipe into which nobody writes', async () => {
    const command = ['--', 'sh', '-c', 'echo up; exec sleep 1000'];
    const child = world.start(['watch', ...world.words('--max-age', '7d', ...command)]);
    child.stdout.once('data', () => {
      rmSync(world.path('log/head.json'));
      execFileSync('mkfifo', [world.path('log/head.json')]);
    });
    const run = await ended(child);
    assert.equal(run.code, 109, run.stderr);
    assert.match(run.stderr, /head\.json is no file/);
  });

  it('asks what is to happen, and closes where its mark cannot be written', () => {
    assert.equal(world.run(['watch', ...world.words()]).code, 109);
    assert.equal(world.run(['watch', ...world.words('--signal', 'SIGNONE', '--', 'true')]).code, 109);
    const run = world.run(['watch', ...world.words('--mark', '/proc/nowhere/mark', '--', 'echo', 'ran')]);
    assert.deepEqual([run.code, run.stdout], [109, ''], run.stderr);
    assert.match(run.stderr, /cannot be written/);
    assert.equal(journalOf(run)['outcome'], 'open');
  });

  /** An officer's override of a gate that a revocation has closed. */
  async function overriding(until: Instant, reason = 'a patient is waiting') {
    const operator = new Operator(world.hierarchy);
    const { now } = world.ledger;
    world.file('operator.json', operatorPinText(operator.pin));
    const content = { kind: 'override', date: now, from: now, until, reason, devices: [{ id: SENSOR }] } as const;
    world.file('override.json', await operator.text(1, content));
    return { operator: world.path('operator.json'), override: world.path('override.json') };
  }

  it('runs nothing under an override whose line nobody can read', async () => {
    await revoked();
    await world.bundle();
    const { operator, override } = await overriding(later(world.ledger.now, 3600));
    const ran = world.path('ran');
    const words = [...world.words('--operator', operator, '--override', override), '--', 'sh', '-c', `echo > '${ran}'`];
    const clock = sinon.useFakeTimers({ now: new Date(later(world.ledger.now, 60)), toFake: ['Date'] });
    try {
      for (const command of [words, ['watch', ...words]]) {
        const lost = await runGate(command, { out: () => undefined, err: () => false });
        assert.deepEqual([lost, existsSync(ran)], [109, false], command[0]);
      }
      assert.equal(await runGate(['watch', ...words], { out: () => undefined, err: () => true }), 0);
      assert.ok(existsSync(ran));
    } finally {
      clock.restore();
    }
  });

  it('tells of another override, and looks again as soon as one ends', async () => {
    await revoked();
    await world.bundle();
    const began = performance.now();
    const base = later(world.ledger.now, 60);
    const files = {
      ...(await overriding(later(base, 3600), 'first')),
      devices: [{ device: SENSOR, bundle: world.path('bundle.json') }],
      trust: world.path('trust.json'),
      log: world.path('log'),
      get now() {
        return later(base, Math.floor((performance.now() - began) / 1000));
      },
    };
    const found: string[] = [];
    const end = new AbortController();
    await watchGate(files, {
      pollMs: 20,
      signal: end.signal,
      async onDecision({ outcome, devices: [device] }) {
        found.push(`${outcome} ${device?.override?.reason ?? ''}`);
        if (found.length === 1) await overriding(later(files.now, 3), 'second');
        if (found.length === 3) end.abort();
      },
    });
    assert.deepEqual(found, ['override first', 'override second', 'revoked ']);
  });
});
