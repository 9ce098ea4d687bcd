import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultConsortiumFile } from '@tracecal/network/topology';
import { CliUser } from '../support/commandLine.js';
import { engineName } from '../support/engine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const CHANNEL_POLICY = '/Channel/Application/Endorsement';
const OWN_POLICY = "OR('OemAMSP.peer')";

interface Listed {
  readonly chaincodes: readonly {
    readonly channel: string;
    readonly name: string;
    readonly version: string;
    readonly sequence: number;
    readonly endorsement: string;
    readonly packageId: string;
  }[];
}

interface Upgraded {
  readonly changed: boolean;
  readonly sequence: number;
  readonly packageIds: Readonly<Record<string, string>>;
}

describe(`tracecal chaincode and tracecal network rotate [${engineName}]`, function () {
  this.timeout(240_000);
  let user: CliUser;

  async function registry() {
    const { chaincodes } = await user.succeed<Listed>('chaincode', 'list', '--as', 'lab-beta');
    assert.equal(chaincodes.length, 1, 'a laboratory is in one channel');
    return chaincodes[0]!;
  }

  async function measurement() {
    const { chaincodes } = await user.succeed<Listed>('chaincode', 'list', '--as', 'oem-a');
    return chaincodes.find(({ channel }) => channel === 'measurement-a')!;
  }

  async function expectUpgraded() {
    const { version, sequence } = await registry();
    assert.deepEqual([version, sequence], ['1.1', 2]);
    assert.equal((await measurement()).endorsement, CHANNEL_POLICY);
  }

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    await user.succeed('up', '--detach', '--ports', 'free', '--engine', engineName);
  });

  after(async () => {
    await user.run('reset', '--yes');
    removeTemporaryFolders();
  });

  it('lists what every channel has agreed on', async () => {
    const { chaincodes } = await user.succeed<Listed>('chaincode', 'list');
    assert.deepEqual(chaincodes.map(({ channel, name, sequence }) => `${name} on ${channel}: ${sequence}`).sort(), [
      'measurement on measurement-a: 1',
      'measurement on measurement-b: 1',
      'monitoring on monitoring-a: 1',
      'monitoring on monitoring-b: 1',
      'registry on calibration: 1',
    ]);
    const { endorsement, packageId } = await registry();
    assert.equal(endorsement, CHANNEL_POLICY);
    assert.equal((await measurement()).endorsement, OWN_POLICY);
    assert.match(packageId, /^registry_1\.0:[0-9a-f]{64}$/);
  });

  it('reports that there is nothing to do, and does nothing', async () => {
    const { changed, packageIds } = await user.succeed<Upgraded>('chaincode', 'upgrade', 'registry');
    assert.equal(changed, false);
    assert.deepEqual([(await registry()).sequence, (await registry()).packageId], [1, packageIds['lab-beta']]);
  });

  it('upgrades to a new version', async () => {
    const { changed } = await user.succeed<Upgraded>('chaincode', 'upgrade', 'registry', '--to', '1.1');
    assert.equal(changed, true);
    const { version, sequence, packageId } = await registry();
    assert.deepEqual([version, sequence], ['1.1', 2]);
    assert.match(packageId, /^registry_1\.1:/);
    await user.succeed('org', 'add', 'lab-alpha', '--certified-by', 'nmi-north');
  });

  it('takes a policy from the description that was edited, and keeps the package', async () => {
    const { packageId: before } = await measurement();
    const file = join(user.data, 'consortium.yaml');
    const text = readFileSync(file, 'utf8');
    assert.ok(text.includes(OWN_POLICY));
    writeFileSync(file, text.replace(OWN_POLICY, CHANNEL_POLICY));
    assert.equal((await user.succeed<Upgraded>('chaincode', 'upgrade', 'measurement')).sequence, 2);
    const { endorsement, packageId } = await measurement();
    assert.deepEqual([endorsement, packageId], [CHANNEL_POLICY, before]);
  });

  it('refuses what cannot be, in a sentence', async () => {
    const nobody = join(user.data, 'nobody.yaml');
    const text = readFileSync(join(user.data, 'consortium.yaml'), 'utf8');
    writeFileSync(nobody, text.replace(CHANNEL_POLICY, "OutOf(1, 'NmiNorthMSP.peer', 'LabAlphaMSP.peer')"));
    assert.equal(await user.fail(2, 'chaincode', 'upgrade', 'registry', '--consortium', nobody), 'CONSORTIUM_INVALID');
    writeFileSync(nobody, text.replace('sequence: 2', 'sequence: 7'));
    assert.equal(await user.fail(2, 'chaincode', 'upgrade', 'registry', '--consortium', nobody), 'UPGRADE_REFUSED');
    assert.equal(await user.fail(2, 'chaincode', 'upgrade', 'nothing'), 'INPUT_INVALID');
    assert.equal(await user.fail(2, 'chaincode', 'list', '--as', 'nobody'), 'ORGANISATION_UNKNOWN');
    assert.equal(await user.fail(2, 'network', 'rotate', '--org', 'nobody'), 'ROTATION_REFUSED');
    assert.equal(await user.fail(2, 'network', 'rotate', '--orderer', 'orderer1'), 'ROTATION_REFUSED');
    assert.equal(await user.fail(2, 'network', 'rotate', '--tls'), 'USAGE');
  });

  it("replaces an organisation's CAs and an orderer's certificates, and all still work", async () => {
    await user.succeed('network', 'rotate', '--org', 'lab-beta');
    await user.succeed('network', 'rotate', '--org', 'lab-beta', '--tls');
    await user.succeed('network', 'rotate', '--orderer', 'orderer2.orderer.nmi-south.example');
    await user.succeed('org', 'add', 'lab-beta', '--certified-by', 'nmi-north');
    assert.equal((await registry()).sequence, 2);
  });

  it('is still in force after a restart of the network', async () => {
    await user.succeed('down');
    assert.equal(await user.fail(3, 'chaincode', 'upgrade', 'registry'), 'NETWORK_DOWN');
    await user.succeed('up', '--detach', '--ports', 'free');
    await expectUpgraded();
    await user.succeed('org', 'add', 'oem-a', '--certified-by', 'lab-alpha');
  });

  it('is still in force when the network starts with the file that it was founded with', async () => {
    await user.succeed('down');
    await user.succeed('up', '--detach', '--ports', 'free', '--consortium', defaultConsortiumFile());
    await expectUpgraded();
    assert.equal((await user.succeed<Upgraded>('chaincode', 'upgrade', 'registry')).changed, false);
  });

  it('leaves every comment in the description', () => {
    const comments = (file: string) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.trimStart().startsWith('#'));
    const earlier = comments(defaultConsortiumFile());
    assert.ok(earlier.length > 0);
    assert.deepEqual(comments(join(user.data, 'consortium.yaml')), earlier);
  });
});
