import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliUser } from '../support/commandLine.js';
import { engineName } from '../support/engine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const NEW = {
  organisation: {
    id: 'lab-gamma',
    mspId: 'LabGammaMSP',
    kind: 'LAB',
    name: 'Gamma Calibration Laboratory',
    country: 'DE',
    domain: 'lab-gamma.example',
    peers: [{ name: 'peer0', port: 7951 }],
  },
  channels: { calibration: 'writer' },
};

describe(`tracecal network add-org and remove-org [${engineName}]`, function () {
  this.timeout(240_000);
  let user: CliUser;

  async function thoseWhoReachTheRegistry(): Promise<readonly string[]> {
    const { organisations } = await user.succeed<{ organisations: { id: string; answers: boolean }[] }>('status');
    return organisations.filter(({ answers }) => answers).map(({ id }) => id);
  }

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    await user.succeed('up', '--detach', '--ports', 'free', '--engine', engineName);
  });

  after(async () => {
    await user.run('reset', '--yes');
    removeTemporaryFolders();
  });

  it('adds a laboratory, which reaches the registry and writes to it', async () => {
    const file = join(user.data, 'lab-gamma.yaml');
    writeFileSync(file, JSON.stringify(NEW));
    const fromSnapshot = ['network', 'add-org', file, '--from-snapshot'];
    // The embedded network has one ledger for all members.
    if (engineName === 'embedded') assert.equal(await user.fail(2, ...fromSnapshot), 'CHAINCODE_DEPLOYMENT');
    const how = engineName === 'embedded' ? ['network', 'add-org', file] : fromSnapshot;
    const { joined } = await user.succeed<{ joined: string }>(...how);
    assert.equal(joined, 'lab-gamma');
    assert.equal((await thoseWhoReachTheRegistry()).length, 9);
    await user.succeed('org', 'add', 'lab-gamma', '--certified-by', 'nmi-north');
    await user.succeed('technician', 'add', 't-gamma', '--org', 'lab-gamma', '--quantities', 'temperature');
    assert.equal(await user.fail(2, 'network', 'add-org', file), 'CONSORTIUM_INVALID');
  });

  it('ends the rights of an organisation that the registry revoked; the revocation names this command', async () => {
    const revoke = ['revoke', 'organisation', 'lab-gamma', '--reason', 'cessation', '--yes'];
    const revoked = await user.succeed<{ stillMember: boolean }>(...revoke);
    assert.equal(revoked.stillMember, true);
  });

  it('removes it', async () => {
    const { stillInstitute } = await user.succeed<{ stillInstitute: boolean }>(
      'network',
      'remove-org',
      'lab-gamma',
      '--yes',
    );
    assert.equal(stillInstitute, false);
    const members = await thoseWhoReachTheRegistry();
    assert.equal(members.length, 8);
    assert.ok(!members.includes('lab-gamma'));
  });

  it('removes an NMI that runs an orderer, and the others continue', async () => {
    const { stillInstitute } = await user.succeed<{ stillInstitute: boolean }>(
      'network',
      'remove-org',
      'nmi-east',
      '--yes',
    );
    assert.equal(stillInstitute, true);
    assert.equal((await thoseWhoReachTheRegistry()).length, 7);
    await user.succeed('org', 'add', 'lab-beta', '--certified-by', 'nmi-south');
  });

  it('keeps organisations that a policy names, unless the policy changes as well', async () => {
    assert.equal(await user.fail(2, 'network', 'remove-org', 'oem-b', '--yes'), 'CONSORTIUM_INVALID');
    assert.equal(await user.fail(2, 'network', 'remove-org', 'nobody', '--yes'), 'CONSORTIUM_INVALID');
  });

  it('keeps its result after a restart of the network', async () => {
    await user.succeed('down');
    assert.equal(await user.fail(3, 'network', 'remove-org', 'oem-b', '--yes'), 'NETWORK_DOWN');
    await user.succeed('up', '--detach', '--ports', 'free');
    assert.equal((await thoseWhoReachTheRegistry()).length, 7);
  });
});
