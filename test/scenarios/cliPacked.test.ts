import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..', '..');

/** What a sensor maker writes. */
const PROGRAM = `
import { connect } from '@tracecal/gateway-client';

const tracecal = await connect('data/crypto-config/peerOrganizations/oem-a.example/connection-oem-a.json');
try {
  const { status, check } = await tracecal.traceCal('oem-a/sensor-1');
  console.log(status, check);
} finally {
  tracecal.close();
}
`;

describe('The packages as npm packs them', function () {
  this.timeout(180_000);
  let folder: string;

  before(() => {
    // Below the project's own node_modules, where Node finds what others publish; ours it finds in the folder itself.
    folder = mkdtempSync(join(ROOT, 'node_modules', '.packed-'));
    run('npm', ['pack', '--workspaces', '--offline', '--ignore-scripts', '--pack-destination', folder], ROOT);
    for (const file of readdirSync(folder)) {
      const [, name = ''] = /^tracecal-(.*)-\d+\.\d+\.\d+\.tgz$/.exec(file) ?? [];
      const place = join(folder, 'node_modules', '@tracecal', name);
      mkdirSync(place, { recursive: true });
      run('tar', ['-xzf', file, '-C', place, '--strip-components', '1'], folder);
    }
  });

  after(() => {
    tracecal('down', '--data', 'data');
    rmSync(folder, { recursive: true, force: true });
  });

  function tracecal(...args: readonly string[]) {
    const command = join('node_modules', '@tracecal', 'cli', 'bin', 'tracecal.mjs');
    return spawnSync(process.execPath, [command, ...args], { cwd: folder, encoding: 'utf8' });
  }

  it('bring a network up, write the examples, and answer a program of ten lines', () => {
    const up = tracecal('up', '--detach', '--ports', 'free', '--data', 'data');
    assert.equal(up.status, 0, up.stderr);
    const examples = tracecal('examples', 'examples');
    assert.equal(examples.status, 0, examples.stderr);
    writeFileSync(join(folder, 'program.mjs'), PROGRAM);
    assert.equal(run(process.execPath, ['program.mjs'], folder), 'FAILED registered\n');
  });
});

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}
