import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..', '..');

describe('The public API of every package', function () {
  this.timeout(180_000);

  it('matches docs/api', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, '.scripts', 'api.mjs'), '--check'], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  });
});
