import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { BackupError, restoreBackup, restoredFrom, writeBackup, type BackupOptions } from '@tracecal/network/backup';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const NOW = new Date('2026-11-22T20:15:00Z');
const LONG = `crypto-config/${'organisations-of-orderers/'.repeat(5)}${'x'.repeat(90)}.pem`;

describe('A backup file', () => {
  let folder: string;
  let data: string;
  let file: string;
  let target: string;

  beforeEach(() => {
    folder = temporaryFolder();
    data = join(folder, 'data');
    file = join(folder, 'backup.tar.gz');
    target = join(folder, 'restored');
    put('keys/organisations/nmi-north.key.pem', '-----BEGIN PRIVATE KEY-----\nsecret\n', 0o600);
    put('keys/organisations/nmi-north.cert.pem', '-----BEGIN CERTIFICATE-----\n');
    put('content/confidential/a', 'value');
    put('empty/file', '');
    put('block', 'x'.repeat(512));
    put(LONG, 'long');
    put('builders/ccaas/bin/detect', '#!/bin/sh\n', 0o755);
    mkdirSync(join(data, 'nothing/here'), { recursive: true });
  });

  after(removeTemporaryFolders);

  function put(path: string, content: string, mode = 0o644): void {
    const place = join(data, path);
    mkdirSync(join(place, '..'), { recursive: true });
    writeFileSync(place, content);
    chmodSync(place, mode);
  }

  function write(options: Partial<BackupOptions> = {}) {
    const usual = { from: data, directory: data, engine: undefined, isRunning: false, withKeys: true, now: NOW };
    return writeBackup(file, { ...usual, ...options });
  }

  async function refused(code: string, attempt: Promise<unknown>): Promise<void> {
    await assert.rejects(attempt, (error: unknown) => {
      assert.ok(error instanceof BackupError, String(error));
      assert.equal(error.code, code);
      return true;
    });
  }

  /** Restores an archive whose bytes were changed: nothing of it may be left. */
  async function damaged(change: (bytes: Buffer) => Buffer): Promise<void> {
    writeFileSync(file, gzipSync(change(gunzipSync(readFileSync(file)))));
    await refused('BACKUP_INVALID', restoreBackup(file, target, NOW));
    assert.deepEqual(readdirSync(folder).sort(), ['backup.tar.gz', 'data']);
  }

  /** Gives a member another name of the same length, and its header the sum that fits. */
  function renamed(bytes: Buffer, before: string, after: string): Buffer {
    const header = bytes.subarray(bytes.indexOf(before), bytes.indexOf(before) + 512);
    header.fill(0, 0, 100);
    header.write(after, 0);
    header.fill(' ', 148, 156);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    return bytes;
  }

  it('brings every file and folder back, for its owner alone', async () => {
    await write();
    await restoreBackup(file, target, NOW);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(target).mode & 0o777, 0o700);
    for (const path of [
      'block',
      'empty/file',
      LONG,
      'content/confidential/a',
      'keys/organisations/nmi-north.key.pem',
    ]) {
      assert.deepEqual(readFileSync(join(target, path)), readFileSync(join(data, path)), path);
      assert.equal(statSync(join(target, path)).mode & 0o777, 0o600, path);
    }
    assert.equal(statSync(join(target, 'builders/ccaas/bin/detect')).mode & 0o777, 0o700);
    assert.equal(statSync(join(target, 'nothing/here')).mode & 0o777, 0o700);
  });

  it('holds nothing that leads to the processes of the original, and no links', async () => {
    for (const path of [
      'lock/CURRENT',
      'network.json',
      'run/peer0.json',
      'logs/peer0.log',
      'network.log',
      'network.log.1',
    ])
      put(path, 'x');
    put('consortium.yaml.0123456789ab.tmp', 'half');
    symlinkSync('/etc/passwd', join(data, 'link'));
    await write();
    await restoreBackup(file, target, NOW);
    const expected = ['block', 'builders', 'content', 'crypto-config', 'empty', 'keys', 'nothing', 'restored.json'];
    assert.deepEqual(readdirSync(target).sort(), expected);
  });

  it('says in the restored directory what it is a copy of', async () => {
    await write();
    await restoreBackup(file, target, NOW);
    assert.equal(restoredFrom(target)?.directory, data);
    assert.equal(restoredFrom(data), undefined);
  });

  it('names the files of the restored directory in connection profiles', async () => {
    const path = 'crypto-config/peerOrganizations/a/connection-a.json';
    put(
      path,
      JSON.stringify({ peers: [{ tlsCACerts: { path: `${data}/crypto-config/ca.pem` }, url: 'grpcs://a:1' }] }),
    );
    await write();
    await restoreBackup(file, target, NOW);
    assert.deepEqual(JSON.parse(readFileSync(join(target, path), 'utf8')), {
      peers: [{ tlsCACerts: { path: `${target}/crypto-config/ca.pem` }, url: 'grpcs://a:1' }],
    });
  });

  it('has no connection profile of a network that its engine starts, which would lead to the original', async () => {
    const path = 'crypto-config/peerOrganizations/a/connection-a.json';
    put(path, JSON.stringify({ peers: [{ url: 'grpcs://localhost:7051' }] }));
    await write({ engine: 'embedded' });
    await restoreBackup(file, target, NOW);
    assert.ok(!existsSync(join(target, path)));
  });

  it('has no private keys if asked, and names those that it left out', async () => {
    put('peers/peer0/connection.json', JSON.stringify({ client_key: '-----BEGIN EC PRIVATE KEY-----\n' }));
    const { leftOut } = await write({ withKeys: false });
    assert.deepEqual(leftOut, ['keys/organisations/nmi-north.key.pem', 'peers/peer0/connection.json']);
    const restored = await restoreBackup(file, target, NOW);
    assert.deepEqual(restored.leftOut, leftOut);
    assert.ok(!gunzipSync(readFileSync(file)).includes('PRIVATE KEY-----'));
    assert.ok(existsSync(join(target, 'keys/organisations/nmi-north.cert.pem')));
  });

  it('never replaces a file', async () => {
    writeFileSync(file, 'mine');
    await refused('BACKUP_EXISTS', write());
    assert.equal(readFileSync(file, 'utf8'), 'mine');
  });

  it('is not left half written', async () => {
    put(`${'deep/'.repeat(60)}file`, 'x');
    await refused('NAME_TOO_LONG', write());
    assert.deepEqual(readdirSync(folder), ['data']);
  });

  it('is refused where there is nothing to back up', async () => {
    const empty = join(folder, 'none');
    mkdirSync(empty);
    await refused('NOTHING_TO_BACK_UP', write({ from: empty, directory: empty }));
  });

  it('is not restored over anything', async () => {
    await write();
    mkdirSync(target);
    writeFileSync(join(target, 'mine'), 'mine');
    await refused('TARGET_NOT_EMPTY', restoreBackup(file, target, NOW));
    assert.deepEqual(readdirSync(target), ['mine']);
  });

  it('is restored into an empty directory', async () => {
    await write();
    mkdirSync(target);
    await restoreBackup(file, target, NOW);
    assert.ok(existsSync(join(target, 'block')));
  });

  it('is refused when a byte of a file has changed', async () => {
    await write();
    await damaged((bytes) => {
      bytes.write('V', bytes.indexOf('value'));
      return bytes;
    });
  });

  it('is refused at whatever length it was cut off', async () => {
    await write();
    const whole = readFileSync(file);
    const lengths = Array.from({ length: 12 }, (_, index) => Math.floor((index * whole.length) / 12));
    for (const length of [...lengths, whole.length - 1]) {
      writeFileSync(file, whole.subarray(0, length));
      await refused('BACKUP_INVALID', restoreBackup(file, target, NOW));
    }
    assert.deepEqual(readdirSync(folder).sort(), ['backup.tar.gz', 'data']);
  });

  it('is refused when a name leads out of the directory', async () => {
    for (const name of ['../bk', '/bloc', 'a/../', './blo', 'a//bl', 'c:\\bl']) {
      await write();
      await damaged((bytes) => renamed(bytes, 'block\0', name));
      file = join(folder, 'backup.tar.gz');
      removeBackup();
    }
  });

  it('is refused when a link, a second file of one name, or a forged origin is in it', async () => {
    for (const change of [
      (bytes: Buffer) => {
        bytes.write('2', bytes.indexOf('block\0') + 156);
        return renamed(bytes, 'block\0', 'block');
      },
      (bytes: Buffer) => renamed(bytes, 'empty/file\0', 'BLOCK'),
      (bytes: Buffer) => renamed(bytes, 'block\0', 'restored.json'),
    ]) {
      await write();
      await damaged(change);
      removeBackup();
    }
  });

  it('is refused by an older version, which says so', async () => {
    await write();
    const bytes = gunzipSync(readFileSync(file));
    bytes.write('2', bytes.indexOf('tracecal-backup/1') + 'tracecal-backup/'.length);
    writeFileSync(file, gzipSync(bytes));
    await refused('BACKUP_VERSION', restoreBackup(file, target, NOW));
  });

  it('is refused if it is no backup at all', async () => {
    writeFileSync(file, 'something else');
    await refused('BACKUP_INVALID', restoreBackup(file, target, NOW));
    writeFileSync(file, gzipSync(Buffer.alloc(2048)));
    await refused('BACKUP_INVALID', restoreBackup(file, target, NOW));
  });

  function removeBackup(): void {
    rmSync(file);
  }

  describe('restored into a directory that is mounted', () => {
    let isMounted = false;

    beforeEach(function () {
      mkdirSync(target);
      isMounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', target]).status === 0;
      if (!isMounted) {
        console.warn('        skipped: this user may not mount a file system, into which a backup would be restored.');
        this.skip();
      }
      mkdirSync(join(target, 'lost+found'));
    });

    afterEach(() => {
      if (isMounted) spawnSync('umount', [target]);
    });

    it('is there as in any other directory', async () => {
      await write();
      await restoreBackup(file, target, NOW);
      assert.equal(readFileSync(join(target, LONG), 'utf8'), 'long');
      assert.equal(restoredFrom(target)?.directory, data);
      assert.deepEqual(
        readdirSync(target).filter((name) => name.endsWith('.tmp')),
        [],
      );
    });

    it('leaves nothing behind if it is damaged', async () => {
      await write();
      writeFileSync(file, readFileSync(file).subarray(0, -20));
      await refused('BACKUP_INVALID', restoreBackup(file, target, NOW));
      assert.deepEqual(readdirSync(target), ['lost+found']);
    });
  });
});
