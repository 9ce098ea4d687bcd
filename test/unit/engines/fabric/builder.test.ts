import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBuilder } from '@tracecal/network/fabric';
import { withTemporaryFolder } from './temporaryFolder.js';

/** The three programs of a builder, called as a peer calls them. */
async function withBuilder(
  use: (run: (program: string, ...folders: string[]) => number | null, folder: string) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    await writeBuilder(join(folder, 'builder'));
    for (const name of ['source', 'metadata', 'output', 'release']) await mkdir(join(folder, name));
    await use(
      (program, ...folders) =>
        spawnSync(
          join(folder, 'builder', 'bin', program),
          folders.map((name) => join(folder, name)),
        ).status,
      folder,
    );
  });
}

describe('The builder for chaincode as a service', () => {
  it('takes packages of type ccaas and leaves all others to Fabric', () =>
    withBuilder(async (run, folder) => {
      for (const [type, taken] of [
        ['ccaas', true],
        ['golang', false],
      ] as const) {
        const metadata = JSON.stringify({ path: '', type, label: 'registry' });
        await writeFile(join(folder, 'metadata', 'metadata.json'), metadata);
        assert.equal(run('detect', 'source', 'metadata') === 0, taken, type);
      }
    }));

  it("hands the service's address through to the peer", () =>
    withBuilder(async (run, folder) => {
      await writeFile(join(folder, 'source', 'connection.json'), '{"address":"127.0.0.1:9999"}');
      assert.equal(run('build', 'source', 'metadata', 'output'), 0);
      assert.equal(run('release', 'output', 'release'), 0);
      const released = await readFile(join(folder, 'release', 'chaincode', 'server', 'connection.json'), 'utf8');
      assert.equal(released, '{"address":"127.0.0.1:9999"}');
    }));

  it('copies the key in it for nobody but its owner', function () {
    if (process.platform === 'win32') this.skip();
    return withBuilder(async (run, folder) => {
      await writeFile(join(folder, 'source', 'connection.json'), '{"client_key":"..."}');
      run('build', 'source', 'metadata', 'output');
      run('release', 'output', 'release');
      for (const copy of ['output/connection.json', 'release/chaincode/server/connection.json']) {
        assert.equal((await stat(join(folder, copy))).mode & 0o077, 0, copy);
      }
    });
  });

  it('fails when a package names no service', () =>
    withBuilder((run) => {
      assert.notEqual(run('build', 'source', 'metadata', 'output'), 0);
      return Promise.resolve();
    }));
});
