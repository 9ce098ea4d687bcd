import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { tracecal } from '../support/commandLine.js';
import { needsFabric } from '../support/fabricBinaries.js';

describe('A backup of real Fabric that runs', function () {
  this.timeout(600_000);

  let folder = '';
  let original = '';
  let restored = '';
  let file = '';
  /** What the registry acknowledged before the backup began. */
  const acknowledged = ['t-0', 't-1'];

  async function run<T>(data: string, ...args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await tracecal([...args, '--json'], { environment: { TRACECAL_DATA: data } });
    assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  function addTechnician(data: string, id: string) {
    const args = ['technician', 'add', id, '--org', 'nmi-north', '--quantities', 'mass', '--timeout', '120'];
    return tracecal(args, { environment: { TRACECAL_DATA: data } });
  }

  async function technicians(data: string): Promise<readonly string[]> {
    const { items } = await run<{ items: { id: string }[] }>(data, 'technician', 'list');
    return items.map(({ id }) => id.replace('nmi-north/', ''));
  }

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    folder = temporaryFolder();
    original = join(folder, 'original');
    restored = join(folder, 'restored');
    file = join(folder, 'backup.tar.gz');
    await run(original, 'up', '--detach', '--engine', 'native', '--ports', 'free');
    for (const id of acknowledged) assert.equal((await addTechnician(original, id)).code, 0);
  });

  after(async () => {
    for (const data of [original, restored].filter((each) => each !== '')) {
      await tracecal(['reset', '--yes'], { environment: { TRACECAL_DATA: data } });
    }
    removeTemporaryFolders();
  });

  it('is made while a client writes, and the original goes on afterwards', async () => {
    let isDone = false;
    const backup = run<{ isRunning: boolean }>(original, 'backup', '--output', file).finally(() => (isDone = true));
    for (let number = 0; !isDone; number++) await addTechnician(original, `t-meanwhile-${number}`);
    assert.equal((await backup).isRunning, true);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder).sort(), ['backup.tar.gz', 'original']);
    const { code, stderr } = await addTechnician(original, 't-after');
    assert.equal(code, 0, stderr);
  });

  it('does not touch the original when it is restored beside it', async () => {
    await run(restored, 'restore', file);
    const { code } = await tracecal(['status'], { environment: { TRACECAL_DATA: restored } });
    assert.equal(code, 3);
    assert.deepEqual(await run(restored, 'down'), { stopped: false });
    // The ports of real Fabric are in its channels: a copy cannot run beside its original.
    const up = await tracecal(['up', '--detach'], { environment: { TRACECAL_DATA: restored } });
    assert.equal(up.code, 3);
    assert.match(up.stderr, /was restored from a backup/);
    assert.match(up.stderr, /not free/);
    assert.ok((await technicians(original)).includes('t-after'));
  });

  it('starts where the original has stopped, with everything acknowledged before, and takes writes', async () => {
    await run(original, 'down');
    await run(restored, 'up', '--detach');
    const found = await technicians(restored);
    for (const id of acknowledged) assert.ok(found.includes(id), id);
    assert.ok(!found.includes('t-after'));
    const { code, stderr } = await addTechnician(restored, 't-restored');
    assert.equal(code, 0, stderr);
    assert.ok((await technicians(restored)).includes('t-restored'));
  });

  it('leaves every organisation in reach of the registry, with the same ledger at all members', async () => {
    const { organisations } = await run<{ organisations: { answers: boolean }[] }>(restored, 'status');
    assert.ok(organisations.every(({ answers }) => answers));
    await run(restored, 'compare');
  });
});
