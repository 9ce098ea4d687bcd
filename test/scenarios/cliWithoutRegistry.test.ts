import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { consortiumText, defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import type { ChaincodeDeployment } from '@tracecal/network/topology';
import { CliUser, tracecal } from '../support/commandLine.js';
import { KV_CHAINCODE } from '../support/kvNetwork.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

interface Status {
  readonly running: boolean;
  readonly configurationBytes: number | null;
  readonly organisations: readonly { readonly id: string; readonly answers: boolean }[];
}

describe('A consortium that runs other chaincodes than the registry', function () {
  this.timeout(180_000);
  let user: CliUser;
  const kv: ChaincodeDeployment = {
    name: 'kv',
    channels: ['calibration'],
    version: '1.0',
    sequence: 1,
    endorsement: '/Channel/Application/Endorsement',
    service: { package: KV_CHAINCODE },
  };
  const consortium = { ...readConsortium(defaultConsortiumFile()), chaincodes: [kv] };

  before(async () => {
    const folder = temporaryFolder();
    const description = join(folder, 'consortium.yaml');
    // A path in a description counts from its folder, wherever the commands run.
    const chaincodes = [{ ...kv, service: { package: relative(folder, KV_CHAINCODE) } }];
    writeFileSync(description, consortiumText({ ...consortium, chaincodes }));
    user = new CliUser(join(folder, 'data'));
    await user.succeed('up', '--detach', '--ports', 'free', '--consortium', description);
  });
  after(async () => {
    await user.run('reset', '--yes');
    removeTemporaryFolders();
  });

  it('is up if every gateway accepts connections, and status says that no chaincode was asked', async () => {
    const { running, configurationBytes, organisations } = await user.succeed<Status>('status');
    assert.deepEqual([running, configurationBytes], [true, null]);
    assert.deepEqual(
      organisations.map(({ id, answers }) => [id, answers]),
      consortium.organisations.map(({ id }) => [id, true]),
    );
    const { code, stdout } = await tracecal(['status'], { environment: { TRACECAL_DATA: user.data } });
    assert.equal(code, 0);
    assert.match(stdout, /^The network is running \(embedded, process \d+\)\.$/m);
    assert.match(stdout, /^The consortium has no registry: its chaincodes are not asked\.$/m);
  });

  it('is told by commands of the registry what is missing', async () => {
    assert.equal(await user.fail(2, 'trace', 'lab-alpha/PRT-1'), 'INPUT_INVALID');
  });
});
