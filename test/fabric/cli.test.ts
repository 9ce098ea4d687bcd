import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { nativeState } from '@tracecal/network/fabric';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { tracecal } from '../support/commandLine.js';
import { needsFabric } from '../support/fabricBinaries.js';

describe('tracecal on real Fabric', () => {
  let data = '';

  async function run<T>(...args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await tracecal([...args, '--json'], { environment: { TRACECAL_DATA: data } });
    assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  async function pidAfterStart(...args: readonly string[]): Promise<number> {
    const { engine, pid } = await run<{ engine: string; pid: number }>('up', '--detach', '--ports', 'free', ...args);
    assert.equal(engine, 'native');
    return pid;
  }

  before(function () {
    needsFabric(this, 'peer', 'orderer');
    data = join(temporaryFolder(), 'data');
  });

  after(async () => {
    if (data !== '') await tracecal(['reset', '--yes'], { environment: { TRACECAL_DATA: data } });
    removeTemporaryFolders();
  });

  it('is up when every organisation reaches the registry', async () => {
    await pidAfterStart('--engine', 'native');
    const status = await run<{ engine: string; organisations: { answers: boolean }[] }>('status');
    assert.equal(status.engine, 'native');
    assert.deepEqual(
      status.organisations.map(({ answers }) => answers),
      Array.from({ length: 8 }, () => true),
    );
  });

  it('writes, stops, and finds what was written when it is started again, on the same engine unasked', async () => {
    await run('org', 'add', 'lab-alpha', '--certified-by', 'nmi-north');
    assert.deepEqual(await run('down'), { stopped: true });
    assert.equal(await nativeState(data), 'stopped');
    await pidAfterStart();
    const again = ['org', 'add', 'lab-alpha', '--certified-by', 'nmi-north'];
    const { code, stderr } = await tracecal(again, { environment: { TRACECAL_DATA: data } });
    assert.equal(code, 7);
    assert.match(stderr, /ALREADY_EXISTS/);
  });

  it('ends nodes whose supervisor was killed', async () => {
    const { pid } = JSON.parse(readFileSync(join(data, 'network.json'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    while ((await tracecal(['status'], { environment: { TRACECAL_DATA: data } })).code === 0) await pause(50);
    assert.equal(await nativeState(data), 'running');
    assert.deepEqual(await run('down'), { stopped: true });
    assert.equal(await nativeState(data), 'stopped');
  });

  it('leaves nothing of the network behind after a reset', async () => {
    await run('reset', '--yes');
    assert.equal(await nativeState(data), 'absent');
    assert.ok(!existsSync(join(data, 'keys')));
  });
});
