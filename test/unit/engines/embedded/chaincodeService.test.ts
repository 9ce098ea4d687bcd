import { ChaincodeService } from '@tracecal/network/embedded/peer';
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../../support/eventually.js';

/** Stands in for fabric-shim: listens where it is told as soon as there is a file `go`. */
const SERVER = `
  const { existsSync, writeFileSync } = require('node:fs');
  const { createServer } = require('node:net');
  const [address] = process.argv.flatMap((word) => /^--chaincode-address=(.+)/.exec(word)?.slice(1) ?? []);
  writeFileSync('pid', String(process.pid));
  const begin = setInterval(() => {
    if (!existsSync('go')) return;
    clearInterval(begin);
    createServer().listen(Number(address.split(':')[1]), '127.0.0.1', () => writeFileSync('listening', ''));
  }, 1);`;

describe('A chaincode that is stopped while it starts', function () {
  this.timeout(30_000);
  let folder: string;
  const inFolder = (name: string): string => join(folder, name);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tracecal-chaincode-'));
    writeFileSync(inFolder('package.json'), JSON.stringify({ name: 'slow', version: '1.0.0' }));
    mkdirSync(inFolder('node_modules/fabric-shim'), { recursive: true });
    writeFileSync(inFolder('node_modules/fabric-shim/cli.js'), SERVER);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('ends, though it begins to listen at that moment', async () => {
    const service = new ChaincodeService({
      deployment: {
        name: 'slow',
        channels: ['own'],
        version: '1.0',
        sequence: 1,
        endorsement: '',
        service: { package: folder },
      },
      packageId: 'slow_1.0:00',
      endorser: { mspId: 'OwnMSP', invokeFrom: () => Promise.reject(new Error('nothing is called')) },
      environment: {},
      logFile: inFolder('log'),
      keyDir: inFolder('keys'),
      executeTimeoutMs: 1000,
      log: () => undefined,
    });
    const started = assert.rejects(service.ready(), /could not launch chaincode slow/);
    const pid = await eventually(async () => {
      const text = await readFile(inFolder('pid'), 'utf8');
      assert.ok(text !== '');
      return Number(text);
    });
    writeFileSync(inFolder('go'), '');
    // Nothing of this process happens between its first connection and the stop.
    while (!existsSync(inFolder('listening')));
    await service.stop();
    await started;
    assert.deepEqual(readdirSync(inFolder('keys')), [], 'its key is gone');
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });
});
