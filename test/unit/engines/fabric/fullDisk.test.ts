import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTemporaryFolder } from './temporaryFolder.js';

/** Room for every certificate, but not for a genesis block, as the shells count it: in blocks of 512 or of 1024 bytes. */
const ROOM = 20;

const START = `
  const { startNative } = require('@tracecal/network/fabric');
  const { defaultConsortiumFile, readConsortium } = require('@tracecal/network/topology');
  const [dataDir, fabricBin] = process.argv.slice(1);
  startNative({ consortium: readConsortium(defaultConsortiumFile()), dataDir, fabricBin, ports: 'free' }).catch((error) => {
    console.error(error.code);
    process.exitCode = 1;
  });`;

describe('A disk that is full at the first start', () => {
  before(function () {
    if (process.platform === 'win32') {
      console.warn('        skipped: there is no shell that limits the size of files');
      this.skip();
    }
  });

  it('leaves no genesis block that is cut short, which every later start would take for whole', () =>
    withTemporaryFolder((folder) => {
      const fabricBin = join(folder, 'bin');
      mkdirSync(fabricBin);
      for (const name of ['peer', 'orderer']) {
        writeFileSync(join(fabricBin, name), "#!/bin/sh\nprintf 'Version: v3.1.5\\n'\n", { mode: 0o755 });
      }
      const dataDir = join(folder, 'data');
      const limited = `ulimit -f ${ROOM} && exec "$0" -e "$1" "$2" "$3"`;
      const { stderr } = spawnSync('sh', ['-c', limited, process.execPath, START, dataDir, fabricBin], {
        cwd: __dirname,
        encoding: 'utf8',
      });
      assert.equal(stderr.trim(), 'EFBIG');
      assert.ok(existsSync(join(dataDir, 'crypto-config', 'peerOrganizations')));
      assert.deepEqual(readdirSync(join(dataDir, 'channels')), []);
      return Promise.resolve();
    }));
});
