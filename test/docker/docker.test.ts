import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { dockerStatus } from '@tracecal/network/fabric';
import { tracecal } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

function hasDocker(): boolean {
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('Real Fabric in containers', function () {
  this.timeout(900_000);
  let data = '';

  async function run<T>(...args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await tracecal([...args, '--json'], { environment: { TRACECAL_DATA: data } });
    assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  before(function () {
    if (!hasDocker()) {
      console.warn('        skipped: no Docker engine answers, so nothing was run in containers');
      this.skip();
    }
    data = join(temporaryFolder(), 'data');
  });

  after(async () => {
    if (data !== '') await tracecal(['reset', '--yes'], { environment: { TRACECAL_DATA: data } });
    removeTemporaryFolders();
  });

  it('is up when every organisation reaches the registry', async () => {
    await run('up', '--detach', '--engine', 'docker', '--ports', 'free');
    assert.equal(await dockerStatus(data), 'running');
    const { engine, organisations } = await run<{ engine: string; organisations: { answers: boolean }[] }>('status');
    assert.equal(engine, 'docker');
    assert.equal(organisations.length, 7);
    assert.ok(organisations.every(({ answers }) => answers));
  });

  it('commits what two organisations endorse', async () => {
    const { endorsedBy } = await run<{ endorsedBy: readonly string[] }>('org', 'add', 'nmi-north');
    assert.ok(endorsedBy.length >= 2, endorsedBy.join());
  });

  it('finds its data when it is started again', async () => {
    assert.deepEqual(await run('down'), { stopped: true });
    assert.equal(await dockerStatus(data), 'stopped');
    await run('up', '--detach');
    const { code, stderr } = await tracecal(['org', 'add', 'nmi-north'], { environment: { TRACECAL_DATA: data } });
    assert.equal(code, 2);
    assert.match(stderr, /ALREADY_EXISTS/);
  });

  it('leaves no container behind after a reset', async () => {
    await run('reset', '--yes');
    assert.equal(await dockerStatus(data), 'absent');
  });
});
