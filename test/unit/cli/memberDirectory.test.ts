import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { defaultConsortiumFile } from '@tracecal/network/topology';
import { CliUser, tracecal } from '../../support/commandLine.js';
import { makeUser } from '../../support/fabricUser.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

/** As docs/operating.md makes it: the description, and a member's identity on a network that runs elsewhere, but no key yet. */
describe('The data directory of a member whose network runs elsewhere', () => {
  let data: string;
  let profile: string;
  let address: string;
  let user: CliUser;

  before(async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    address = `localhost:${(gone.address() as AddressInfo).port}`;
    gone.close();
    await once(gone, 'close');
  });

  beforeEach(async () => {
    data = join(temporaryFolder(), "beta's lab");
    const own = join(data, 'crypto-config', 'peerOrganizations', 'lab-beta.example');
    profile = join(own, 'connection-lab-beta.json');
    await makeUser(join(own, 'users', 'User1@lab-beta.example', 'msp'));
    copyFileSync(defaultConsortiumFile(), join(data, 'consortium.yaml'));
    const cryptoPath = 'peerOrganizations/lab-beta.example/users/{username}@lab-beta.example/msp';
    writeFileSync(
      profile,
      JSON.stringify({
        client: { organization: 'lab-beta', cryptoconfig: { path: join(data, 'crypto-config') } },
        organizations: { 'lab-beta': { mspid: 'LabBetaMSP', peers: ['peer0'], cryptoPath } },
        peers: { peer0: { url: `grpc://${address}` } },
      }),
    );
    user = new CliUser(data);
  });
  after(removeTemporaryFolders);

  for (const keys of [[], ['keys']]) {
    it(`gets no network of its own, which would replace its profile (${keys.length === 0 ? 'no key' : 'a key'} is there)`, async () => {
      keys.forEach((name) => mkdirSync(join(data, name)));
      const before = readFileSync(profile);
      const { code, stderr } = await user.run('up', '--ports', 'free', '--detach');
      assert.equal(code, 2, stderr);
      assert.ok(stderr.includes('belongs to a member of a network that runs elsewhere'), stderr);
      assert.deepEqual(readFileSync(profile), before);
    });

    it(`is not told to start one by \`status\` (${keys.length === 0 ? 'no key' : 'a key'} is there)`, async () => {
      keys.forEach((name) => mkdirSync(join(data, name)));
      const { code, stdout, stderr } = await tracecal(['status', '--data', data]);
      assert.equal(code, 3);
      assert.match(`${stdout}${stderr}`, /^(?!.*tracecal up).*tracecal doctor --data '/s);
    });
  }

  it('is not told to start one where the network does not answer', async () => {
    const { code, document } = await user.run('report', 'show', 'x', '--timeout', '5');
    assert.equal(code, 3);
    const { message } = (document as { error: { message: string } }).error;
    assert.match(message, new RegExp(`^Nothing answers at ${address}`));
    assert.match(message, /^(?!.*tracecal up).*runs elsewhere.*`[^`]*tracecal doctor --data '[^`]*`/);
  });

  it('is not told to start one by `doctor`, with or without the description', async () => {
    const doctor = async () => (await tracecal(['doctor', '--data', data, '--timeout', '5'])).stdout;
    assert.doesNotMatch(await doctor(), /tracecal up/);
    rmSync(join(data, 'consortium.yaml'));
    assert.doesNotMatch(await doctor(), /tracecal up/);
  });

  it('names whose identities are there to a user who acts as somebody else', async () => {
    for (const [other, ...command] of [
      ['lab-alpha', 'report', 'accept', 'r'],
      ['lab-alpha', 'trace', 'd'],
      ['oem-a', 'measurement', 'verdicts', 'd', '--site', 'a'],
    ] as const) {
      const { code, document } = await user.run(...command, '--as', other);
      assert.equal(code, 2, command.join(' '));
      const { message } = (document as { error: { message: string } }).error;
      assert.match(message, new RegExp(`^No identity of ${other} is in .*; here are: lab-beta\\.`));
    }
  });

  it('is not one where a start was interrupted, which the next one completes', async () => {
    writeFileSync(join(data, 'network.log'), '');
    const { stdout } = await tracecal(['status', '--data', data]);
    assert.match(stdout, /start one with .*up --data/);
  });
});
