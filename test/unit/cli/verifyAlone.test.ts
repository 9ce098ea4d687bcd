import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GateWorld } from '../../support/gateWorld.js';
import { ROOT } from '../../support/pages.js';

const CLI = join(ROOT, 'gateway-client', 'cli');

/** One file without the other commands: nobody can tell, except by the time that it takes. */
describe('`proof verify` as one file', () => {
  let world: GateWorld;
  let device: string;

  before(async function () {
    this.timeout(120_000);
    execFileSync(process.execPath, [join(ROOT, '.scripts', 'verify.mjs')]);
    world = await GateWorld.of(async (hierarchy) => {
      device = await hierarchy.addChain(2, 't-nmi-north', 'of-2');
    });
    await world.bundle(device, 'bundle.json');
    await world.sealed();
    writeFileSync(world.path('garbage.json'), '{"type":');
    writeFileSync(world.path('evidence.json'), '{"type":"tracecal-evidence/1"}');
  });

  function said(program: string, args: readonly string[]) {
    const [require = '', clock = ''] = world.program();
    const called = [require, clock, join(CLI, ...program.split('/')), 'proof', 'verify', ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, called, {
      env: world.environment(),
      encoding: 'utf8',
    });
    // Both are asked one after the other, each as of its own second.
    return { status, stdout: stdout.replaceAll(/T\d\d:\d\d:\d\dZ/g, ''), stderr };
  }

  it('says and decides the same as among all commands', function () {
    this.timeout(120_000);
    const trust = ['--trust', world.path('trust.json')];
    const bundle = world.path('bundle.json');
    const calls: readonly (readonly [number, ...string[]])[] = [
      [0, '--help'],
      [0, bundle, ...trust, '--json'],
      [0, bundle, ...trust, '--log', world.path('log'), '--require', 'fresh', '--data', world.path('seen')],
      [8, bundle, ...trust, '--require', 'recorded'],
      [2, bundle, '--trust', world.path('none.json')],
      [2, world.path('garbage.json'), ...trust, '--json'],
      [2, world.path('evidence.json'), ...trust],
      [2, world.path('none.json'), ...trust],
      [2, bundle, ...trust, '--requires', 'chain'],
      [2, bundle, ...trust, '--require', 'everything', '--json'],
      [2],
    ];
    for (const [code, ...args] of calls) {
      const alone = said('bin/tracecal.mjs', args);
      assert.equal(alone.status, code, `${args.join(' ')}: ${alone.stderr}`);
      assert.deepEqual(alone, said('dist/main.js', args), args.join(' '));
    }
  });
});
