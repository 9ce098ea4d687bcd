import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { operatorPinText } from '@tracecal/gateway-client/device';
import { tracecal } from '../../support/commandLine.js';
import { GateWorld, SENSOR } from '../../support/gateWorld.js';
import { later } from '../../support/hierarchy.js';
import { Operator } from '../../support/operator.js';
import { ROOT } from '../../support/pages.js';
import { builtGate } from '../../support/builtGate.js';
import { removeTemporaryFolders } from '../../support/temporaryFolder.js';

const BIN = join(ROOT, 'gateway-client', 'cli', 'bin', 'tracecal.mjs');

describe('tracecal gate', function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it('lists its options in the help of the command line', async () => {
    const { code, stdout } = await tracecal(['gate', '--help']);
    assert.equal(code, 0);
    for (const each of ['--trust <file>', '--grace <span>', '--override <file>', 'watch', 'refresh', 'ticket']) {
      assert.ok(stdout.includes(each), each);
    }
  });

  for (const words of [
    ['gate', 'oem-a/x', '--', 'true'],
    ['gate', '--loud'],
    ['gate', 'oem-a/x', '--accept', 'FAILED', '--', 'true'],
    ['gate', 'oem-a/x', '--trust'],
    ['gate', 'watch', 'oem-a/x', '--trust', 'nowhere.json', '--bundle', 'nowhere.json', '--', 'true'],
    ['gate', 'refresh', '--loud'],
    ['gate', 'refresh', 'oem-a/x', '--trust', 'nowhere.json', '--bundle', 'nowhere.json', '--log', 'nowhere'],
  ]) {
    it(`has the exit codes of the gate, whoever reads its words: ${words.slice(0, 2).join(' ')}`, async () => {
      const { code, stderr } = await tracecal(words);
      assert.equal(code, 109, stderr);
      const line =
        words[1] === 'refresh' ? /^tracecal-gate: refreshed=no / : /^tracecal-gate: outcome=broken code=109 /;
      assert.match(stderr, line);
      builtGate();
      const direct = spawnSync(process.execPath, [BIN, ...words], { encoding: 'utf8' });
      assert.equal(direct.status, 109);
      assert.match(direct.stderr, line);
    });
  }

  it('keeps its rules where the whole command line reads its words: none is lost, and an override is logged', async () => {
    const world = await GateWorld.of();
    await world.bundle();
    await world.sealed();
    const operator = new Operator(world.hierarchy);
    const { now } = world.ledger;
    world.file('operator.json', operatorPinText(operator.pin));
    world.file('directives/export.json', operator.exported());
    const override = { kind: 'override', date: now, until: later(now, 3600), devices: [{ id: SENSOR }] } as const;
    world.file('override.json', await operator.text(1, override));
    const main = join(ROOT, 'gateway-client', 'cli', 'dist', 'main.js');
    const run = (shell: string, ...words: readonly string[]) => {
      const call = [process.execPath, '--require', world.path('clock.cjs'), main, 'gate', ...words];
      return spawnSync('sh', ['-c', `exec "$@" ${shell}`, 'sh', ...call], {
        encoding: 'utf8',
        env: world.environment(),
      });
    };
    const pin = ['--operator', world.path('operator.json')];
    const over = world.words('--max-age', '1s', ...pin, '--override', world.path('override.json'), '--', 'echo', 'ran');
    const logged = run('', ...over);
    assert.deepEqual([logged.status, logged.stdout], [0, 'ran\n'], logged.stderr);
    for (const nowhere of ['2> /dev/null', '2>&-']) {
      const { status, stdout } = run(nowhere, ...over);
      assert.deepEqual([status, stdout], [109, ''], nowhere);
    }
    world.file('directives/1.json', await operator.text(1, { date: now, from: now }));
    const directed = ['--directives', world.path('directives'), ...pin];
    const watched = run('', ...directed, 'watch', ...world.words('--', 'echo', 'ran'));
    assert.equal(watched.stdout, '', watched.stderr);
    assert.equal(watched.status, 109);
  });

  it('is the same as tracecal-gate, which is installed with the SDK and loads nothing else', () => {
    const program = join(ROOT, 'gateway-client', 'bin', 'tracecal-gate.cjs');
    const { status, stdout } = spawnSync(process.execPath, [program, '--help'], { encoding: 'utf8' });
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: tracecal-gate [^]*tracecal gate ticket/);
    const refresh = spawnSync(process.execPath, [program, 'refresh', '--help'], { encoding: 'utf8' });
    assert.match(refresh.stdout, /Exit codes: 0, or 109 where nothing was fetched\.\n/);
    const loaded = 'process.on("exit", () => console.log(Object.keys(require.cache).length))';
    const hook = `data:text/javascript,import { createRequire } from 'node:module'; const require = createRequire('${join(dirname(program), 'x.cjs')}'); ${encodeURIComponent(loaded)}`;
    const counted = spawnSync(process.execPath, ['--import', hook, program, '--help'], { encoding: 'utf8' });
    assert.equal(counted.stdout.trim().split('\n').at(-1), '2', counted.stderr);
  });
});
