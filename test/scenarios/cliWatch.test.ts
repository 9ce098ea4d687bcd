import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Notice } from '@tracecal/gateway-client/application';
import { CliUser, spawnTracecal, tracecal } from '../support/commandLine.js';
import type { DatedExamples } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';

/** Each scenario goes on where the one before it left off. */
describe('watching devices', function () {
  this.timeout(120_000);
  let user: CliUser;
  let examples: DatedExamples;

  /** What one run says, each device with what is said of it. */
  async function watched(exit: number, ...args: readonly string[]) {
    const environment = { TRACECAL_DATA: user.data };
    const { code, stdout, stderr } = await tracecal(['watch', '--once', '--json', ...args], { environment });
    assert.equal(code, exit, stderr);
    const lines = stdout.split('\n').filter((line) => line.startsWith('{"id"'));
    return lines.map((line) => JSON.parse(line) as Notice);
  }

  const words = (notices: readonly Notice[]) => notices.map(({ what, device }) => `${what} ${device}`);
  const owned = ['--owner', 'oem-a'];

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    examples = await startTemperatureConsortium(user);
    const [institute, laboratory] = examples.temperature;
    await user.succeed('dcc', 'import', institute, '--technician', 't-north', '--kind', 'standard');
    const imprinted = ['--technician', 't-north', '--imprinter', 't-alpha', '--kind', 'standard'];
    await user.succeed('dcc', 'import', laboratory, ...imprinted);
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('begins at the present end of the ledger', async () => {
    assert.deepEqual(await watched(0, ...owned), []);
  });

  it('says from then on what is registered about them, once, whenever it is run', async () => {
    const [, , factory] = examples.temperature;
    await user.succeed('dcc', 'import', factory, '--technician', 't-alpha', '--owner', 'oem-a');
    assert.deepEqual(words(await watched(0, ...owned)), ['new lab-alpha/RP4-0815', 'accepted lab-alpha/RP4-0815']);
    assert.deepEqual(await watched(0, ...owned), []);
  });

  it('repeats what its command has not taken, and marks it', async () => {
    const named = [...owned, '--name', 'exec'];
    assert.deepEqual(await watched(0, ...named), []);
    await user.succeed('suspend', 'device', 'PRT-2231', '--reason', 'out-of-tolerance', '--yes');
    const [first] = await watched(3, ...named, '--exec', 'exit 1');
    assert.deepEqual([first?.what, first?.verdict?.status, first?.repeated], ['affected', 'FAILED', false]);
    const taken = join(temporaryFolder(), 'taken');
    const [again, ...more] = await watched(0, ...named, '--exec', `cat >> ${taken}`);
    assert.deepEqual(again, { ...first, repeated: true });
    assert.deepEqual(more, []);
    assert.deepEqual(JSON.parse(readFileSync(taken, 'utf8')), again);
    assert.deepEqual(await watched(0, ...named), []);
  });

  it('follows until it is stopped, and later continues from there', async () => {
    const child = spawnTracecal(['watch', ...owned, '--json', '--data', user.data]);
    const ended = once(child, 'exit');
    const lines = createInterface({ input: child.stdout });
    const next = async () => JSON.parse(((await once(lines, 'line')) as [string])[0]) as Notice;
    const suspended = await next();
    assert.equal(suspended.cause?.event, 'Suspended', 'which it had not said under this name');
    const reinstated = next();
    await user.succeed('reinstate', 'device', 'PRT-2231');
    assert.deepEqual(
      [(await reinstated).what, (await reinstated).device, (await reinstated).cause?.event],
      ['affected', 'lab-alpha/RP4-0815', 'Reinstated'],
    );
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    assert.deepEqual(words(await watched(0, ...owned)), [], 'nothing is said twice');
  });

  it('needs a network, and says so without losing its place', async () => {
    await user.succeed('down');
    assert.deepEqual(await watched(3, ...owned), []);
    assert.ok(existsSync(join(user.data, 'watch')));
  });
});
