import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CliUser, tracecal } from '../support/commandLine.js';
import { keyFilesBelow } from '../support/keyFiles.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

interface Written {
  readonly file: string;
  readonly isRunning: boolean;
  readonly hasKeys: boolean;
  readonly files: number;
  readonly leftOut: readonly string[];
}

interface Restored {
  readonly data: string;
  readonly directory: string;
  readonly files: number;
  readonly leftOut: readonly string[];
}

interface Organisations {
  readonly items: readonly { readonly id: string }[];
}

const UP = ['up', '--detach', '--ports', 'free'];

/** Each scenario goes on where the one before it left off. */
describe('A backup by the command line', function () {
  this.timeout(120_000);
  let folder: string;
  let original: CliUser;
  let copy: CliUser;
  let hot: string;
  let held: Organisations;

  before(async () => {
    folder = join(temporaryFolder(), 'disk of the laboratory');
    mkdirSync(folder);
    original = new CliUser(join(folder, 'original'));
    copy = new CliUser(join(folder, 'the copy'));
    hot = join(folder, 'hot.tar.gz');
    await original.succeed(...UP);
    await original.succeed('org', 'add', 'lab-alpha', '--certified-by', 'nmi-north');
    held = await original.succeed<Organisations>('org', 'list');
  });

  after(async () => {
    for (const each of [copy, original]) await each.run('down');
    removeTemporaryFolders();
  });

  /** What a command that is refused leaves on the disk: nothing. */
  async function leavesNothing(act: () => Promise<void>): Promise<void> {
    const found = readdirSync(folder);
    await act();
    assert.deepEqual(readdirSync(folder), found);
  }

  it('is one file for its owner alone, while the network runs and goes on', async () => {
    const { file, isRunning, hasKeys, leftOut } = await original.succeed<Written>('backup', '-o', hot);
    assert.deepEqual([file, isRunning, hasKeys, leftOut], [hot, true, true, []]);
    assert.equal(statSync(hot).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder).sort(), ['hot.tar.gz', 'original']);
    await original.succeed('org', 'add', 'oem-a', '--certified-by', 'nmi-north');
  });

  it('warns that it contains private keys', async () => {
    const file = join(folder, 'told.tar.gz');
    const { stdout } = await tracecal(['backup', '-o', file, '--data', original.data]);
    assert.match(stdout, /private keys, unencrypted: encrypt it/);
    rmSync(file);
  });

  it('replaces no file, and is written neither into the data directory nor into a folder that does not exist', async () => {
    await leavesNothing(async () => {
      const bytes = readFileSync(hot);
      assert.equal(await original.fail(2, 'backup', '-o', hot), 'BACKUP_EXISTS');
      assert.deepEqual(readFileSync(hot), bytes);
      assert.equal(await original.fail(2, 'backup', '-o', join(original.data, 'backup.tar.gz')), 'USAGE');
      assert.equal(await original.fail(2, 'backup', '-o', join(folder, 'none', 'b.tar.gz')), 'FILE_UNWRITABLE');
      assert.equal(await original.fail(2, 'backup'), 'USAGE');
      assert.equal(await copy.fail(2, 'backup', '-o', join(folder, 'b.tar.gz')), 'FILE_UNREADABLE');
    });
    assert.ok(!existsSync(join(original.data, 'backup.tar.gz')));
  });

  it('is restored into a new directory, for its owner alone, and warns that it is a copy', async () => {
    const { code, stdout, stderr } = await tracecal(['restore', hot, '--data', copy.data]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /files are restored in/);
    assert.ok(stderr.startsWith(`${copy.data} was restored from a backup of ${original.data} on `), stderr);
    assert.match(stderr, /do not use both/);
    assert.equal(statSync(copy.data).mode & 0o777, 0o700);
    for (const entry of readdirSync(copy.data, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      assert.equal(statSync(path).mode & 0o077, 0, path);
    }
    assert.ok(keyFilesBelow(copy.data).length > 0);
  });

  it('is not restored a second time over what is there', async () => {
    const marker = readFileSync(join(copy.data, 'restored.json'));
    assert.equal(await copy.fail(2, 'restore', hot), 'TARGET_NOT_EMPTY');
    assert.deepEqual(readFileSync(join(copy.data, 'restored.json')), marker);
    assert.equal(await original.fail(2, 'restore', hot), 'TARGET_NOT_EMPTY');
    const { state } = await original.succeed<{ state?: string }>('status');
    assert.ok(state === undefined || state === 'running');
  });

  it('does not stop the running original, and does not talk to it', async () => {
    assert.equal((await copy.run('status')).code, 3);
    assert.equal((await copy.run('org', 'list')).code, 3);
    assert.deepEqual(await copy.succeed('down'), { stopped: false });
    assert.equal((await original.run('status')).code, 0);
  });

  it('answers what the original held when it was made, beside the original', async () => {
    const { code, stderr } = await tracecal([...UP, '--data', copy.data]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /was restored from a backup of [^]* do not use both/);
    assert.deepEqual(await copy.succeed('org', 'list'), held);
    await copy.succeed('org', 'add', 'lab-beta', '--certified-by', 'nmi-south');
    const ids = (await original.succeed<Organisations>('org', 'list')).items.map(({ id }) => id);
    assert.deepEqual([ids.includes('oem-a'), ids.includes('lab-beta')], [true, false]);
  });

  it('leaves the original running when the copy is stopped', async () => {
    assert.deepEqual(await copy.succeed('down'), { stopped: true });
    const { code, stderr } = await original.run('org', 'list');
    assert.equal(code, 0, stderr);
  });

  it('warns no more once the user has deleted the mark of a copy', async () => {
    rmSync(join(copy.data, 'restored.json'));
    const { code, stderr } = await tracecal([...UP, '--data', copy.data]);
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /restored from a backup/);
    await copy.succeed('down');
  });

  it('has no private key if asked, and names the files that it left out', async () => {
    const file = join(folder, 'without keys.tar.gz');
    const { hasKeys, leftOut } = await original.succeed<Written>('backup', '--without-keys', '-o', file);
    assert.equal(hasKeys, false);
    assert.deepEqual(
      [...leftOut].sort(),
      keyFilesBelow(original.data)
        .map(({ path }) => path.slice(original.data.length + 1))
        .sort(),
    );
    assert.ok(!gunzipSync(readFileSync(file)).includes('PRIVATE KEY'));
    const keyless = new CliUser(join(folder, 'keyless'));
    const restored = await keyless.succeed<Restored>('restore', file);
    assert.deepEqual(restored.leftOut, leftOut);
    assert.deepEqual(keyFilesBelow(keyless.data), []);
    const { code, stderr } = await tracecal([...UP, '--data', keyless.data]);
    assert.equal(code, 3);
    assert.match(stderr, /keystore is missing or cannot be read: put it back, from where the keys are kept/);
  });

  it('is not restored if it is damaged, cut off or another file, and nothing of it is left', async () => {
    const whole = readFileSync(hot);
    const middle = Math.floor(whole.length / 2);
    const changed = Buffer.from(whole);
    changed[middle] = whole[middle]! ^ 1;
    const file = join(folder, 'damaged.tar.gz');
    for (const bytes of [changed, whole.subarray(0, middle), whole.subarray(0, -1), Buffer.from('no backup')]) {
      writeFileSync(file, bytes);
      await leavesNothing(async () => {
        const target = new CliUser(join(folder, 'never'));
        assert.equal(await target.fail(2, 'restore', file), 'BACKUP_INVALID');
      });
    }
    const { stderr } = await tracecal(['restore', file, '--data', join(folder, 'never')]);
    assert.match(stderr, /not an intact backup[^]*Nothing was restored: use another copy of it/);
    assert.equal(await copy.fail(2, 'restore', join(folder, 'none.tar.gz')), 'FILE_UNREADABLE');
    assert.equal(await copy.fail(2, 'restore', folder), 'FILE_UNREADABLE');
  });

  it('of a stopped network goes into a folder under a name by the time, can be listed by tar, and answers the same', async () => {
    const ended = await original.succeed<Organisations>('org', 'list');
    await original.succeed('down');
    const place = join(folder, 'backups');
    mkdirSync(place);
    const { file, isRunning, files } = await original.succeed<Written>('backup', '-o', place);
    assert.equal(isRunning, false);
    assert.match(file.slice(place.length), /^.tracecal-\d{4}-\d\d-\d\dT\d{6}Z\.tar\.gz$/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const names = execFileSync('tar', ['-tzf', file], { encoding: 'utf8' }).split('\n');
    assert.ok(names.some((name) => name.endsWith('tracecal-backup.json')));

    rmSync(copy.data, { recursive: true });
    mkdirSync(copy.data);
    const restored = await copy.succeed<Restored>('restore', file);
    assert.deepEqual([restored.data, restored.directory, restored.files], [copy.data, original.data, files]);
    await copy.succeed(...UP);
    assert.deepEqual(await copy.succeed('org', 'list'), ended);
    assert.equal((await original.run('status')).code, 3);
  });
});
