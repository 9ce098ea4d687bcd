import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataDirectory } from '@tracecal/cli';
import { CliUser } from '../../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const NOBODY = 65_534;

describe('a data directory that somebody else has prepared', () => {
  let root: string;
  let user: CliUser;

  beforeEach(() => {
    root = temporaryFolder();
    user = new CliUser(root);
  });
  after(removeTemporaryFolders);

  const check = () => {
    new DataDirectory(root, {}).requireOwn();
  };

  it('is refused where it belongs to another user, and root trusts nobody else either', async function () {
    if (process.getuid?.() !== 0) this.skip();
    writeFileSync(join(root, 'trust.json'), '{}');
    chownSync(root, NOBODY, NOBODY);
    assert.throws(check, { code: 'DATA_UNUSABLE', message: /belongs to another user/ });
    assert.equal(await user.fail(2, 'down'), 'DATA_UNUSABLE');
    assert.equal(await user.fail(2, 'trust', 'show'), 'DATA_UNUSABLE');
    chownSync(root, 0, 0);
    for (const name of ['run', 'lock']) {
      const file = join(root, name, 'anything');
      mkdirSync(join(root, name));
      writeFileSync(file, '{}');
      chownSync(file, NOBODY, NOBODY);
      assert.throws(check, { code: 'DATA_UNUSABLE', message: /anything belongs to another user/ });
      chownSync(file, 0, 0);
    }
    check();
  });

  it('is refused where others can write to it, or to what names processes and roots in it', async () => {
    check();
    for (const mode of [0o777, 0o770, 0o702, 0o1777]) {
      chmodSync(root, mode);
      assert.throws(check, { code: 'DATA_UNUSABLE', message: /Others can write to .*chmod -R go-w/ });
    }
    assert.equal(await user.fail(2, 'status'), 'DATA_UNUSABLE');
    for (const name of ['network.json', 'trust.json', 'consortium.yaml', 'run']) {
      const path = join(root, name);
      if (name === 'run') mkdirSync(path);
      else writeFileSync(path, '{}');
      chmodSync(path, 0o777);
      chmodSync(root, 0o755);
      assert.throws(check, { code: 'DATA_UNUSABLE', message: new RegExp(`${name}, and could`) });
      // Nobody else comes there.
      chmodSync(root, 0o700);
      check();
      chmodSync(path, 0o700);
    }
  });

  it('has `tracecal down` end no process that is not the network of this directory', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    await once(other, 'spawn');
    try {
      const record = JSON.stringify({ pid: other.pid, directory: realpathSync(root) });
      writeFileSync(join(root, 'network.json'), record, { mode: 0o600 });
      assert.deepEqual(await user.succeed('down'), { stopped: false });
      assert.deepEqual([other.exitCode, other.signalCode], [null, null]);
      assert.ok(other.kill(0), 'it still runs');
    } finally {
      other.kill('SIGKILL');
    }
  });
});
