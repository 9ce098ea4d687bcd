import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import sinon from 'sinon';
import { deleteUnderLock, DirectoryLock, lastHolder, withLock } from '@tracecal/network/control';
import { removeTemporaryFolders, temporaryFolder } from '../../../support/temporaryFolder.js';

const CONTROL = createRequire(__filename).resolve('@tracecal/network/control');
const HOLD = `require(process.argv[1]).DirectoryLock.take(process.argv[2]).then(() => process.send('held'));
setInterval(() => undefined, 1000);`;

describe('The lock of a data directory', () => {
  let dataDir: string;

  beforeEach(() => {
    dataDir = temporaryFolder();
  });
  after(removeTemporaryFolders);

  it('is held by one process at a time, which is named, and goes with it however that ends', async () => {
    const holder = spawn(process.execPath, ['-e', HOLD, CONTROL, dataDir], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await once(holder, 'message');
    await assert.rejects(DirectoryLock.take(dataDir), {
      code: 'DATA_DIRECTORY_IN_USE',
      message: new RegExp(`^${dataDir} is in use by .+ \\(process ${holder.pid}\\)`),
    });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const lock = await DirectoryLock.take(dataDir);
    assert.deepEqual(lastHolder(dataDir), { pid: process.pid, directory: dataDir });
    await assert.rejects(DirectoryLock.take(dataDir), { code: 'DATA_DIRECTORY_IN_USE' });
    await lock.release();
    assert.equal(lastHolder(dataDir), undefined);
  });

  it('is given back when what was done under it fails', async () => {
    await assert.rejects(
      withLock(dataDir, () => Promise.reject(new Error('no'))),
      { message: 'no' },
    );
    assert.equal(await withLock(dataDir, () => Promise.resolve('yes')), 'yes');
  });

  it('is given back when the file that names its holder cannot be deleted', async () => {
    const lock = await DirectoryLock.take(dataDir);
    const holder = join(dataDir, 'network.json');
    rmSync(holder);
    mkdirSync(holder);
    await assert.rejects(lock.release());
    rmSync(holder, { recursive: true });
    await (await DirectoryLock.take(dataDir)).release();
  });

  it('is deleted with the data, and nothing of who takes it next', async () => {
    await deleteUnderLock(dataDir, () => Promise.resolve());
    assert.deepEqual(readdirSync(dataDir), []);
    let next: Promise<DirectoryLock> | undefined;
    // The next one waits at the door, and comes in as soon as it opens.
    const close: (this: ClassicLevel) => Promise<void> = Reflect.get(ClassicLevel.prototype, 'close');
    sinon.stub(ClassicLevel.prototype, 'close').callsFake(async function (this: ClassicLevel) {
      await close.call(this);
      next ??= DirectoryLock.take(dataDir);
      await next;
    });
    await deleteUnderLock(dataDir, () => Promise.resolve());
    sinon.restore();
    assert.deepEqual(lastHolder(dataDir), { pid: process.pid, directory: dataDir });
    await assert.rejects(DirectoryLock.take(dataDir), { code: 'DATA_DIRECTORY_IN_USE' });
    await (await next)?.release();
  });

  for (const [what, damage] of [
    [
      'a file',
      (lock: string) => {
        writeFileSync(lock, 'no folder');
      },
    ],
    [
      'damaged',
      (lock: string) => {
        mkdirSync(lock);
        writeFileSync(join(lock, 'CURRENT'), 'MANIFEST-000009\n');
      },
    ],
  ] as const) {
    it(`that is ${what} is told from one that another process holds`, async () => {
      const lock = join(dataDir, 'lock');
      damage(lock);
      await assert.rejects(DirectoryLock.take(dataDir), {
        code: 'BROKEN_LOCK',
        message: new RegExp(`^${lock} cannot be opened: .+ delete it, it holds nothing\\.$`),
      });
      rmSync(lock, { recursive: true });
      await (await DirectoryLock.take(dataDir)).release();
    });
  }
});
