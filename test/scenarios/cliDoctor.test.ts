import assert from 'node:assert/strict';
import { chmodSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CliUser } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

interface Document {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly check: string;
    readonly level: string;
    readonly findings: readonly { readonly message: string; readonly next?: string }[];
  }[];
}

describe('doctor on a network', function () {
  this.timeout(120_000);
  let user: CliUser;

  const levels = ({ checks }: Document) => Object.fromEntries(checks.map(({ check, level }) => [check, level]));

  const nextOf = ({ checks }: Document, name: string) =>
    checks.find(({ check }) => check === name)?.findings.find(({ next }) => next !== undefined)?.next;

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    await user.succeed('up', '--detach', '--ports', 'free');
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('finds a new network sound, but for heartbeats that nobody has given', async () => {
    const found = await user.succeed<Document>('doctor');
    assert.equal(found.ok, true);
    const { heartbeats, disk, ...others } = levels(found);
    assert.deepEqual([heartbeats, typeof disk], ['warn', 'string']);
    assert.deepEqual(new Set(Object.values(others)), new Set(['ok']), JSON.stringify(found, null, 1));
  });

  it('finds a key of Fabric that others can read', async () => {
    const users = join(user.data, 'crypto-config', 'peerOrganizations', 'oem-a.example', 'users');
    const keystore = join(users, 'User1@oem-a.example', 'msp', 'keystore');
    const [name = ''] = readdirSync(keystore);
    chmodSync(join(keystore, name), 0o644);
    assert.equal(levels(await user.answers<Document>(3, 'doctor'))['identities'], 'fail');
    chmodSync(join(keystore, name), 0o600);
  });

  it('looks at the network that a connection profile leads to', async () => {
    const profile = join(user.data, 'crypto-config', 'peerOrganizations', 'oem-a.example', 'connection-oem-a.json');
    const visitor = new CliUser(join(temporaryFolder(), 'none'));
    const byFile = await visitor.succeed<Document>('doctor', '--profile', profile);
    const wanted = { 'data directory': 'ok', ports: 'ok', identities: 'ok', gateway: 'ok', clock: 'ok' };
    assert.deepEqual({ ...levels(byFile), ...wanted }, levels(byFile));
    assert.equal(nextOf(byFile, 'heartbeats'), undefined, 'the key of the institute is not here');
    const piped = await visitor.piped(readFileSync(profile, 'utf8'), 'doctor', '--profile', '-');
    assert.deepEqual(levels(piped.document as Document), levels(byFile));
    await user.succeed('down');
    const gone = await visitor.answers<Document>(3, 'doctor', '--profile', profile);
    assert.equal(levels(gone)['gateway'], 'fail');
    assert.equal(nextOf(gone, 'gateway'), undefined, 'a visitor cannot start it');
    await user.succeed('up', '--detach');
  });

  it('suggests the next command if the network is not running', async () => {
    await user.succeed('down');
    const found = await user.answers<Document>(3, 'doctor');
    assert.equal(found.ok, false);
    assert.equal(nextOf(found, 'gateway'), 'tracecal up --detach');
  });
});
