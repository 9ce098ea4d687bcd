import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNative, type NativeNetwork } from '@tracecal/network/fabric';
import { loadMsp, memberTree } from '@tracecal/network/pki';
import { Application, credentialsOf, type ApplicationNetwork } from '../../support/application.js';
import { needsFabric } from '../../support/fabricBinaries.js';
import { KV, scenarioConsortium, SHARED } from '../../support/scenarioConsortium.js';

describe('A member of a running network whose identity CA is replaced', function () {
  this.timeout(240_000);

  const all = scenarioConsortium();
  const consortium = {
    ...all,
    channels: all.channels.filter(({ name }) => name === SHARED),
    chaincodes: all.chaincodes.filter(({ name }) => name === KV),
  };
  const beta = memberTree(
    '',
    consortium.organisations.find(({ id }) => id === 'beta')!,
  );
  let dataDir: string;
  let network: NativeNetwork;
  let place: ApplicationNetwork;
  let oldRoot: string;
  let oldUser: ReturnType<typeof credentialsOf>;

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    dataDir = mkdtempSync(join(tmpdir(), 'tracecal-rotation-'));
    network = await startNative({ consortium, dataDir, ports: 'free' });
    place = { consortium, organisations: network.organisations, cryptoDir: network.cryptoDir };
    oldRoot = readFileSync(join(network.cryptoDir, beta.caCertificate), 'utf8');
    oldUser = credentialsOf(place, 'beta');
    await as('beta', (application) => application.submit('put', 'before', 'the change'));
    await network.rotateAuthority('beta');
  });

  after(async () => {
    await (network as NativeNetwork | undefined)?.stop();
    if ((dataDir as string | undefined) !== undefined) rmSync(dataDir, { recursive: true, force: true });
  });

  async function as<T>(member: string, act: (application: Application) => Promise<T>, credentials?: typeof oldUser) {
    const application = new Application(place, member, credentials && { credentials });
    try {
      return await act(application);
    } finally {
      application.close();
    }
  }

  it('has one root again, which is another one, and identities from it', () => {
    const { rootCerts } = loadMsp(join(network.cryptoDir, beta.msp), 'BetaMSP');
    assert.equal(rootCerts.length, 1);
    assert.notEqual(rootCerts[0], oldRoot);
    const user = new X509Certificate(credentialsOf(place, 'beta').identity.credentials);
    assert.ok(user.verify(new X509Certificate(rootCerts[0]!).publicKey));
  });

  it('reads, writes and endorses with its new identities', async () => {
    await as('beta', async (application) => {
      assert.equal(await application.evaluate('get', 'before'), 'the change');
      const endorsingOrganizations = ['BetaMSP', 'AlphaMSP'];
      await application.contract().submit('put', { arguments: ['after', 'the change'], endorsingOrganizations });
      assert.equal(await application.evaluate('get', 'after'), 'the change');
    });
  });

  it('is refused with the old ones, everywhere', async () => {
    for (const member of ['alpha', 'beta']) {
      await assert.rejects(as(member, (application) => application.evaluate('get', 'before'), oldUser));
    }
  });
});
