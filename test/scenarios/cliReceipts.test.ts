import assert from 'node:assert/strict';
import { CliUser, datedExampleFiles, tracecal } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const ID = /^ *transaction ([0-9a-f]{64})$/gm;

function idsIn(text: string): readonly string[] {
  return [...text.matchAll(ID)].map(([, id = '']) => id);
}

describe('The printed receipt of a transaction', function () {
  this.timeout(180_000);

  let user: CliUser;

  const read = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await tracecal(args, { environment: { TRACECAL_DATA: user.data } });
    assert.equal(code, 0, stderr);
    return stdout;
  };

  before(async () => {
    user = new CliUser(temporaryFolder());
    await user.succeed('up', '--detach', '--ports', 'free');
    const { scopes } = await datedExampleFiles();
    await user.succeed('scopes', 'grant', 'nmi-north', scopes);
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('holds its whole id, with which its outcome is asked for, within 80 columns', async () => {
    const receipt = await read('technician', 'add', 't', '--org', 'nmi-north', '--quantities', 'temperature');
    const [id = '', ...more] = idsIn(receipt);
    assert.deepEqual(more, []);
    assert.match(receipt, /^block \d+, endorsed by \S+/m);
    assert.ok(
      receipt.split('\n').every((line) => line.length <= 80),
      receipt,
    );
    assert.match(await read('outcome', id), /^✓ Committed in block \d+/);
  });

  it('stands in the history with the moment, the block and who said it', async () => {
    const sensor = ['--technician', 't', '--serial', '1', '--model', 'm', '--manufacturer', 'm'];
    const registered = await read('device', 'add', 'sensor', ...sensor);
    const set = await read('device', 'set-interval', 'sensor', '1');
    assert.match(set, /is due again after 1 day\./);
    const history = await read('history', 'sensor');
    assert.deepEqual(idsIn(history), [...idsIn(registered), ...idsIn(set)], 'oldest first');
    const block = /^block (\d+)/m.exec(registered)?.[1] ?? '';
    const [first, second] = history.split('\n');
    assert.match(first ?? '', new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:]+Z {2}block ${block}$`));
    assert.equal(second, '  device nmi-north/sensor: registered by nmi-north');
    const { entries } = await user.succeed<{ entries: readonly { blockNumber: number }[] }>('history', 'sensor');
    assert.equal(entries[0]?.blockNumber, Number(block));
  });
});
