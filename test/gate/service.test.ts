import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { builtGate } from '../support/builtGate.js';
import { GateWorld, SENSOR } from '../support/gateWorld.js';
import { ROOT } from '../support/pages.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

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
          text.replaceAll(/\/usr\/local\/(?:bin\/capture|lib\/tracecal\/entrypoint\.sh)/g, '/bin/true'),
        );
      }
      const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', join(folder, unit)], {
        encoding: 'utf8',
      });
      const about = `${stdout}${stderr}`.split('\n').filter((line) => line.includes(folder) || line.includes(unit));
      assert.deepEqual([status, about], [0, []], stderr);
    });
  }

  /** The words that a unit, or the entrypoint of a container, calls the gate with. */
  function called(environment: NodeJS.ProcessEnv, ...command: readonly string[]) {
    const bin = temporaryFolder();
    writeFileSync(join(bin, 'tracecal-gate'), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
    const { status, stdout, stderr } = spawnSync(join(UNITS, 'entrypoint.sh'), command, {
      encoding: 'utf8',
      env: { PATH: [bin, process.env['PATH']].join(delimiter), ...environment },
    });
    return { status, stderr, words: stdout.trimEnd().split('\n') };
  }

  it('is called with what the environment says, and with options that it has', () => {
    const settings = readFileSync(join(UNITS, 'gate.env'), 'utf8').matchAll(/^#?(TRACECAL_\w+)=(\S+)$/gm);
    const environment = Object.fromEntries([...settings].map(([, name = '', value = '']) => [name, value]));
    const override = join(temporaryFolder(), 'override.json');
    environment['TRACECAL_OVERRIDE'] = override;
    const gate = builtGate();
    const options: readonly string[] = [
      '--directives',
      '--directives-age',
      '--operator',
      '--accept',
      '--max-age',
      '--grace',
    ];
    for (const mode of ['run', 'decide', 'watch', 'refresh']) {
      const own = { ...environment, TRACECAL_GATE: mode };
      const command = mode === 'run' || mode === 'watch' ? ['capture', '--grace'] : [];
      const { words, stderr } = called(own, ...command);
      assert.equal(stderr, '', mode);
      const help = helpOf(gate, mode === 'run' || mode === 'decide' ? '' : mode);
      const end = words.includes('--') ? words.indexOf('--') : words.length;
      assert.deepEqual(words.slice(end + 1), command);
      const given = words.slice(0, end).filter((word) => word.startsWith('--'));
      for (const option of given) assert.ok(help.includes(`${option} `), `${mode}: ${option}`);
      const expected = options.filter((option) => mode !== 'refresh' || !/directives|operator/.test(option));
      for (const option of expected) {
        const value = environment[`TRACECAL_${option.slice(2).replaceAll('-', '_').toUpperCase()}`];
        assert.equal(words[words.indexOf(option) + 1], value, `${mode}: ${option}`);
      }
      assert.ok(!given.includes('--override'), 'its file is not there');
    }
    writeFileSync(override, '');
    assert.ok(called({ ...environment, TRACECAL_GATE: 'decide' }).words.includes(override));
    for (const wrong of [called({ TRACECAL_GATE: 'open' }), called({ TRACECAL_GATE: 'decide' }, 'capture')])
      assert.deepEqual([wrong.status, wrong.words], [109, ['']]);
  });

  it('decides what a unit decides, whatever the file of the environment says', () => {
    const stub = join(UNITS, 'entrypoint.sh');
    for (const unit of readdirSync(UNITS).filter((name) => /^capture.*\.service$/.test(name))) {
      const [, words = ''] = /^Exec\w+=(.*entrypoint\.sh.*)$/m.exec(readFileSync(join(UNITS, unit), 'utf8')) ?? [];
      const bin = temporaryFolder();
      writeFileSync(join(bin, 'tracecal-gate'), '#!/bin/sh\necho "$1"\n', { mode: 0o755 });
      const { stdout } = spawnSync('sh', ['-c', words.replace(/\S*entrypoint\.sh/, stub)], {
        encoding: 'utf8',
        env: { PATH: [bin, process.env['PATH']].join(delimiter), TRACECAL_GATE: 'refresh' },
      });
      assert.equal(stdout.trim(), unit.includes('watched') ? 'watch' : '--set', unit);
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
