import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const ROOT = join(__dirname, '..', '..', '..', '..');

/** A device gets one file; the options are those that the page of the SDK names. */
const PROGRAM = `
const { connect, TraceCalError } = require('@tracecal/gateway-client');
connect('nowhere.json').catch((error) => console.log(error instanceof TraceCalError, error.code));
`;

describe('The SDK in one file', function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);

  it('is what esbuild makes with the options on its page, and runs where no package is installed', async () => {
    const page = readFileSync(join(ROOT, 'gateway-client', 'README.md'), 'utf8');
    const [, format, external] = /esbuild .*--platform=node --format=(\w+) --external:(\w+)/.exec(page) ?? [];
    assert.ok(format === 'cjs' && external !== undefined, 'the page names the options');
    const folder = temporaryFolder();
    const outfile = join(folder, 'program.cjs');
    await build({
      stdin: { contents: PROGRAM, resolveDir: join(ROOT, 'test') },
      bundle: true,
      platform: 'node',
      format,
      external: [external],
      outfile,
      logLevel: 'silent',
    });
    const { stdout, stderr } = spawnSync(process.execPath, [outfile], { cwd: folder, encoding: 'utf8' });
    assert.equal(stdout, 'true PROFILE_INVALID\n', stderr);
  });
});
