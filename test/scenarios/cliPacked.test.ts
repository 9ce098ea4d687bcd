import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMONJS_PROGRAM, ES_PROGRAM } from '../support/installedPrograms.js';
import { pack, ROOT, succeed } from '../support/packing.js';

describe('The packages as npm packs them', function () {
  this.timeout(300_000);
  let folder: string;

  before(() => {
    // Below the project's own node_modules, where Node finds what others publish; ours it finds in the folder itself.
    folder = mkdtempSync(join(ROOT, 'node_modules', '.packed-'));
    for (const { name, filename } of pack(ROOT, folder)) {
      const place = join(folder, 'node_modules', name);
      mkdirSync(place, { recursive: true });
      succeed('tar', ['-xzf', filename, '-C', place, '--strip-components', '1'], folder);
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

  it('bring a network up, write the examples, and answer programs of ten lines', () => {
    const up = tracecal('up', '--detach', '--ports', 'free', '--data', 'data');
    assert.equal(up.status, 0, up.stderr);
    const examples = tracecal('examples', 'examples');
    assert.equal(examples.status, 0, examples.stderr);
    for (const [file, text] of Object.entries({ 'program.mjs': ES_PROGRAM, 'program.cjs': COMMONJS_PROGRAM })) {
      writeFileSync(join(folder, file), text);
      assert.equal(succeed(process.execPath, [file], folder), 'NOT_FOUND\n', file);
    }
  });

  it('name in hints the command as it was called', () => {
    const { stdout } = tracecal('status', '--data', 'elsewhere');
    assert.match(stdout, /start one with `node node_modules.@tracecal.cli.bin.tracecal\.mjs up --data /);
  });
});
