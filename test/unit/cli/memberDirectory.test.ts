import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CliUser, tracecal } from '../../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

/** As docs/operating.md makes it: the keys of a member, and its identity on a network that runs elsewhere. */
describe('The data directory of a member whose network runs elsewhere', () => {
  let data: string;
  let user: CliUser;

  beforeEach(() => {
    data = temporaryFolder();
    for (const folder of ['keys', 'crypto-config/peerOrganizations']) {
      mkdirSync(join(data, folder), { recursive: true });
    }
    user = new CliUser(data);
  });
  after(removeTemporaryFolders);

  it('gets no network of its own, which would replace its connection profile', async () => {
    const { code, stderr } = await user.run('up', '--ports', 'free', '--detach');
    assert.equal(code, 2);
    assert.ok(stderr.includes('belongs to a member of a network that runs elsewhere'), stderr);
    assert.deepEqual(readdirSync(data).sort(), ['crypto-config', 'keys']);
    assert.ok(!existsSync(join(data, 'consortium.yaml')));
  });

  it('is not told to start one by `status`', async () => {
    const { code, stdout, stderr } = await tracecal(['status', '--data', data]);
    assert.equal(code, 3);
    assert.match(`${stdout}${stderr}`, /^(?!.*tracecal up).*tracecal doctor/s);
  });
});
