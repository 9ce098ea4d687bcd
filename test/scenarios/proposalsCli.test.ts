import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectionProfileFile, memberTree, ordererTree } from '@tracecal/network/pki';
import { consortiumText, readConsortium, type Consortium } from '@tracecal/network/topology';
import { CliUser } from '../support/commandLine.js';
import { engineName } from '../support/engine.js';
import { keyFilesBelow } from '../support/keyFiles.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

interface Shown {
  readonly configuration: number;
  readonly changes: readonly { readonly where: string; readonly details: readonly string[] }[];
  readonly signatures: readonly { readonly mspId: string }[];
  readonly isComplete: boolean;
}

interface Applied {
  readonly outcome: string;
  readonly sequence: number;
}

const CHANNEL = 'calibration';

describe(`tracecal proposal [${engineName}]`, function () {
  this.timeout(240_000);
  let folder: string;
  let network: CliUser;
  let north: CliUser;
  let south: CliUser;
  let alpha: CliUser;
  let changed: string;

  const file = (name: string): string => join(folder, `${name}.json`);

  /** A member's own machine: the description, everybody's certificates, and no keys but its own. */
  function machineOf(id: string, consortium: Consortium): CliUser {
    const data = join(folder, id);
    const crypto = join(data, 'crypto-config');
    cpSync(join(network.data, 'crypto-config'), crypto, { recursive: true });
    cpSync(join(network.data, 'consortium.yaml'), join(data, 'consortium.yaml'));
    const member = consortium.organisations.find((each) => each.id === id)!;
    const own = [
      memberTree(crypto, member).root,
      ...consortium.orderers.filter(({ runBy }) => runBy === id).map((orderer) => ordererTree(crypto, orderer).root),
    ];
    for (const { path } of keyFilesBelow(crypto)) {
      if (!own.some((root) => path.startsWith(`${root}/`))) rmSync(path);
    }
    assert.ok(existsSync(connectionProfileFile(crypto, member)));
    return new CliUser(data);
  }

  function described(name: string, batch: Consortium['channels'][number]['batch']): string {
    const consortium = readConsortium(join(network.data, 'consortium.yaml'));
    const channels = consortium.channels.map((each) => (each.name === CHANNEL ? { ...each, batch } : each));
    const path = join(folder, `${name}.yaml`);
    writeFileSync(path, consortiumText({ ...consortium, channels }));
    return path;
  }

  before(async () => {
    folder = temporaryFolder();
    network = new CliUser(join(folder, 'network'));
    await network.succeed('up', '--detach', '--ports', 'free', '--engine', engineName);
    const consortium = readConsortium(join(network.data, 'consortium.yaml'));
    mkdirSync(folder, { recursive: true });
    [north, south, alpha] = ['nmi-north', 'nmi-south', 'lab-alpha'].map((id) => machineOf(id, consortium)) as [
      CliUser,
      CliUser,
      CliUser,
    ];
    changed = described('changed', { maxMessages: 7, timeoutMs: 30 });
  });

  after(async () => {
    await network.run('reset', '--yes');
    removeTemporaryFolders();
  });

  it('writes what would change, for the configuration that the channel has', async () => {
    const create = ['proposal', 'create', CHANNEL, '--consortium'];
    const shown = await north.succeed<Shown>(...create, changed, '-o', file('proposal'), '--as', 'nmi-north');
    assert.deepEqual(
      shown.changes.map(({ where, details }) => [where, details]),
      [
        ['/Channel/Orderer/BatchSize', ['maxMessageCount: 500 -> 7']],
        ['/Channel/Orderer/BatchTimeout', ['timeout: 20ms -> 30ms']],
      ],
    );
    assert.equal(shown.isComplete, false);
    assert.deepEqual(
      { file: file('proposal'), ...(await alpha.succeed<Shown>('proposal', 'show', file('proposal'))) },
      shown,
    );
    const same = [...create, join(network.data, 'consortium.yaml'), '-o', file('same'), '--as', 'nmi-north'];
    assert.equal(await north.fail(7, ...same), 'NO_CHANGE');
    assert.equal(existsSync(file('same')), false);
    assert.equal(
      await north.fail(2, ...create, changed, '-o', file('proposal'), '--as', 'nmi-north'),
      'FILE_UNWRITABLE',
    );
  });

  it('is not applied before enough have signed, and says who has not', async () => {
    const sign = ['proposal', 'sign', file('proposal'), '-o', file('north'), '--as', 'nmi-north'];
    await north.succeed(...sign);
    const { outcome, needs } = await north.answers<{
      outcome: string;
      needs: { isSatisfied: boolean; open: readonly string[] }[];
    }>(5, 'proposal', 'apply', file('north'), '--as', 'nmi-north');
    assert.equal(outcome, 'missing');
    assert.ok(needs.some(({ isSatisfied, open }) => !isSatisfied && open.length > 0));
  });

  it('is signed with the own keys alone, and only where they count', async () => {
    const sign = (id: string) => ['proposal', 'sign', file('proposal'), '-o', file(id), '--as'];
    assert.equal(await alpha.fail(2, ...sign('other'), 'nmi-south'), 'MATERIAL_MISSING');
    assert.equal(existsSync(file('other')), false);
    await south.succeed(...sign('south'), 'nmi-south');
    const merge = ['proposal', 'merge', file('north'), file('south'), file('north'), '-o', file('merged')];
    const merged = await alpha.succeed<Shown>(...merge);
    assert.deepEqual(merged.isComplete, true);
    assert.equal(new Set(merged.signatures.map(({ mspId }) => mspId)).size, merged.signatures.length);
    assert.equal(statSync(file('merged')).isFile(), true);
  });

  it('is applied by any of its signers, once, and told as applied afterwards', async () => {
    const apply = ['proposal', 'apply', file('merged'), '--as'];
    const applied = await south.succeed<Applied>(...apply, 'nmi-south');
    assert.equal(applied.outcome, 'applied');
    assert.deepEqual(await north.succeed(...apply, 'nmi-north'), { ...applied, outcome: 'already' });
  });

  it('is refused when the channel has another configuration by now', async () => {
    const other = described('other', { maxMessages: 8, timeoutMs: 20 });
    const create = (name: string) => ['proposal', 'create', CHANNEL, '--consortium', other, '-o', file(name)];
    await north.succeed(...create('stale'), '--as', 'nmi-north');
    await applyOther();
    const sign = ['proposal', 'sign', file('stale'), '-o', file('late'), '--as', 'nmi-south'];
    assert.equal(await south.fail(7, ...sign), 'STALE');
    assert.equal(await north.fail(7, 'proposal', 'apply', file('stale'), '--as', 'nmi-north'), 'STALE');
  });

  async function applyOther(): Promise<void> {
    const path = described('between', { maxMessages: 9, timeoutMs: 20 });
    const create = ['proposal', 'create', CHANNEL, '--consortium', path, '-o', file('between')];
    await north.succeed(...create, '--as', 'nmi-north');
    await north.succeed('proposal', 'sign', file('between'), '-o', file('between-1'), '--as', 'nmi-north');
    await south.succeed('proposal', 'sign', file('between-1'), '-o', file('between-2'), '--as', 'nmi-south');
    const { outcome } = await north.succeed<Applied>('proposal', 'apply', file('between-2'), '--as', 'nmi-north');
    assert.equal(outcome, 'applied');
  }

  it('leaves a network that goes on, and that starts again with the changed description', async () => {
    await network.succeed('org', 'add', 'lab-alpha', '--certified-by', 'nmi-north');
    await network.succeed('down');
    const last = described('last', { maxMessages: 9, timeoutMs: 20 });
    await network.succeed('up', '--detach', '--ports', 'free', '--consortium', last);
    assert.match(readFileSync(join(network.data, 'consortium.yaml'), 'utf8'), /maxMessages: 9/);
    const { organisations } = await network.succeed<{ organisations: { answers: boolean }[] }>('status');
    assert.ok(organisations.every(({ answers }) => answers));
  });
});
