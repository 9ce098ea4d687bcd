import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { builtGate } from '../../support/builtGate.js';
import { GateWorld, SENSOR } from '../../support/gateWorld.js';
import { ROOT } from '../../support/pages.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const UNITS = join(ROOT, 'docs', 'gate');

describe('The gate as a service', function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);

  for (const unit of readdirSync(UNITS).filter((name) => /\.(?:service|timer)$/.test(name))) {
    it(`has a unit that systemd accepts: ${unit}`, function () {
      if (spawnSync('systemd-analyze', ['--version']).status !== 0) {
        console.log('      SKIPPED: systemd-analyze is not here');
        this.skip();
      }
      const folder = temporaryFolder();
      for (const name of readdirSync(UNITS)) {
        // Neither program is installed where this runs.
        const text = readFileSync(join(UNITS, name), 'utf8');
        writeFileSync(
          join(folder, name),
          text.replaceAll(/\/usr\/(?:local\/)?bin\/(?:tracecal-gate|capture)/g, '/bin/true'),
        );
      }
      const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', join(folder, unit)], {
        encoding: 'utf8',
      });
      const about = `${stdout}${stderr}`.split('\n').filter((line) => line.includes(folder) || line.includes(unit));
      assert.deepEqual([status, about], [0, []], stderr);
    });
  }

  it('is called by units and the entrypoint with options that it has', () => {
    const gate = builtGate();
    const help = ['', 'watch', 'refresh'].map((name) => [name, helpOf(gate, name)] as const);
    for (const name of readdirSync(UNITS)) {
      for (const [, call = ''] of readFileSync(join(UNITS, name), 'utf8').matchAll(
        /tracecal-gate (-?[\w-]+[^]*?)(?:\n\n|$| -- )/g,
      )) {
        const text = help.find(([word]) => word !== '' && call.startsWith(word))?.[1] ?? help[0]?.[1] ?? '';
        for (const [option] of call.matchAll(/--[a-z-]+/g))
          assert.ok(text.includes(`${option} `), `${name}: ${option}`);
      }
    }
  });

  it('is the entrypoint of a container: it runs what the container was started with, or ends with its own code', async () => {
    const world = await GateWorld.of();
    await world.bundle();
    await world.sealed();
    world.file(
      'set.json',
      JSON.stringify({ type: 'tracecal-gate-set/1', devices: [{ device: SENSOR, bundle: 'bundle.json' }] }),
    );
    const bin = world.path('bin');
    mkdirSync(bin);
    symlinkSync(builtGate(), join(bin, 'tracecal-gate'));
    const environment = {
      ...world.environment(),
      PATH: [bin, process.env['PATH']].join(delimiter),
      NODE_OPTIONS: `--require ${world.path('clock.cjs')}`,
      TRACECAL_SET: world.path('set.json'),
      TRACECAL_TRUST: world.path('trust.json'),
      TRACECAL_LOG: world.path('log'),
      TRACECAL_SEEN: world.path('memory.json'),
    };
    const run = (env: NodeJS.ProcessEnv) =>
      spawnSync(join(UNITS, 'entrypoint.sh'), ['sh', '-c', 'echo "$0 ran"; exit 7', 'capture'], {
        encoding: 'utf8',
        env,
      });
    const open = run(environment);
    assert.deepEqual([open.status, open.stdout], [7, 'capture ran\n'], open.stderr);
    const closed = run({ ...environment, TRACECAL_SET: world.path('nowhere.json') });
    assert.deepEqual([closed.status, closed.stdout], [109, ''], closed.stderr);
  });
});

function helpOf(gate: string, name: string): string {
  return spawnSync(process.execPath, [gate, ...(name === '' ? [] : [name]), '--help'], { encoding: 'utf8' }).stdout;
}
