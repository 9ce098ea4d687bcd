import assert from 'node:assert/strict';
import { join } from 'node:path';
import { CliUser, tracecal } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';

interface Preview {
  readonly failing: readonly { readonly device: string }[];
  readonly kept: readonly { readonly device: string }[];
  readonly isComplete: boolean;
}

async function* afterSeconds(seconds: number, text: string): AsyncGenerator<string> {
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  yield text;
}

/** Each scenario goes on where the one before it left off. */
describe('what cannot be undone', function () {
  this.timeout(120_000);
  let user: CliUser;

  const names = (devices: Preview['failing']) => devices.map(({ device }) => device);
  const status = async () => (await user.run('trace', 'RP4-0815')).document as { status: string };

  async function onTerminal(stdin: string | AsyncIterable<string>, ...args: readonly string[]) {
    return tracecal(args, { terminal: true, stdin, environment: { TRACECAL_DATA: user.data } });
  }

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    const { temperature } = await startTemperatureConsortium(user);
    const [institute, laboratory, factory] = temperature;
    await user.succeed('dcc', 'import', institute, '--technician', 't-north', '--kind', 'standard');
    const imprinted = ['--technician', 't-north', '--imprinter', 't-alpha', '--kind', 'standard'];
    await user.succeed('dcc', 'import', laboratory, ...imprinted);
    await user.succeed('dcc', 'import', factory, '--technician', 't-alpha', '--owner', 'oem-a');
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('is shown before it is done: which devices fail, and which do not', async () => {
    const revoke = ['revoke', 'device', 'PRT-2231', '--dry-run', '--reason'];
    const fraud = await user.succeed<Preview>(...revoke, 'fraud');
    assert.deepEqual(names(fraud.failing).sort(), ['lab-alpha/PRT-2231', 'lab-alpha/RP4-0815']);
    assert.deepEqual([fraud.kept, fraud.isComplete], [[], true]);
    const cessation = await user.succeed<Preview>(...revoke, 'cessation');
    assert.deepEqual(names(cessation.failing), ['lab-alpha/PRT-2231']);
    assert.deepEqual(names(cessation.kept), ['lab-alpha/RP4-0815']);
    const reduce = ['scopes', 'reduce', 'lab-alpha', '--quantity', 'temperature', '--until', '2099-12-31'];
    assert.equal(await user.fail(2, ...reduce, '--dry-run'), 'INPUT_INVALID', 'no line lasts so long');
    assert.equal((await status()).status, 'TRACEABLE', 'nothing was done');
  });

  it('is not done without a yes to the number of devices', async () => {
    const { code, stderr } = await onTerminal('n\n', 'revoke', 'device', 'PRT-2231', '--reason', 'out-of-tolerance');
    assert.equal(code, 2);
    assert.match(
      stderr,
      /device lab-alpha\/PRT-2231 \(out-of-tolerance\)\. 2 devices will fail: .*lab-alpha\/RP4-0815/,
    );
    assert.equal((await status()).status, 'TRACEABLE');
    const { document } = await user.run('history', 'PRT-2231');
    assert.doesNotMatch(JSON.stringify(document), /revocation/);
  });

  it('fails exactly the devices that were named, once a person has said yes', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const reduce = ['scopes', 'reduce', 'lab-alpha', '--quantity', 'temperature', '--until', today];
    const { stderr } = await onTerminal('y\n', ...reduce);
    assert.match(
      stderr,
      /1 line of lab-alpha for temperature ends on .* 2 devices .* what it calibrates until that day/,
    );
    assert.equal((await status()).status, 'TRACEABLE', 'what was calibrated stays covered');
    const revoke = ['revoke', 'device', 'PRT-2231', '--reason', 'out-of-tolerance', '--timeout', '5'];
    const { code } = await onTerminal(afterSeconds(6, 'y\n'), ...revoke);
    assert.equal(code, 0, 'a person may think for longer than the network may');
    assert.equal((await status()).status, 'FAILED');
  });
});
