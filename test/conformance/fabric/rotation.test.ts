import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channelConfig, ordererChannel } from '@tracecal/network/admin';
import { startNative, type FabricNetwork } from '@tracecal/network/fabric';
import { loadMsp, loadTls, memberTree, ordererTree } from '@tracecal/network/pki';
import { Application, credentialsOf, type ApplicationNetwork } from '../../support/application.js';
import { eventually } from '../../support/eventually.js';
import { needsFabric } from '../../support/fabricBinaries.js';
import { KV, scenarioConsortium, SHARED } from '../../support/scenarioConsortium.js';

describe('Certificates of a running network that are replaced', function () {
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
  let network: FabricNetwork;
  let place: ApplicationNetwork;
  let oldRoot: string;
  let oldUser: ReturnType<typeof credentialsOf>;

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    dataDir = mkdtempSync(join(tmpdir(), 'tracecal-rotation-'));
    network = await startNative({ consortium, dataDir, ports: 'free' });
    place = { consortium, organisations: network.organisations, cryptoDir: network.cryptoDir };
  });

  after(async () => {
    await (network as FabricNetwork | undefined)?.stop();
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

  describe('those of a member, by a new identity CA,', () => {
    before(async () => {
      oldRoot = readFileSync(join(network.cryptoDir, beta.caCertificate), 'utf8');
      oldUser = credentialsOf(place, 'beta');
      await as('beta', (application) => application.submit('put', 'before', 'the change'));
      await network.rotateAuthority('beta', 'identity');
    });

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

  describe('those of an orderer', () => {
    const names = consortium.orderers.map((orderer) => `${orderer.name}.${orderer.domain}`);
    const [renewed = '', dead = ''] = names;

    let oldCertificate: string;

    const certificate = (): string => {
      const node = consortium.orderers[0]!;
      return loadTls(ordererTree(network.cryptoDir, node).node(node.name).tls).certificate;
    };

    before(async () => {
      oldCertificate = certificate();
      await network.rotateOrderer(renewed);
    });

    it('are other ones, the channel knows them, and the orderer takes part', async () => {
      const { connection, admin } = network.peers[0]!;
      const config = await channelConfig(connection, admin, SHARED);
      const known = Buffer.from(config.serializeBinary());
      assert.ok(known.includes(certificate()));
      assert.ok(!known.includes(oldCertificate));
      const handle = network.orderers.find(({ name }) => name === renewed)!;
      const part = await ordererChannel(handle.admin, SHARED);
      assert.deepEqual([part?.status, part?.consensusRelation], ['active', 'consenter']);
    });

    it('count: with another orderer dead, the network needs it and goes on', async () => {
      network.processes.find(({ name }) => name === dead)!.kill('SIGKILL');
      await as('alpha', (application) =>
        eventually(async () => {
          await application.submit('put', 'without another', 'goes on');
        }),
      );
      assert.equal(await as('alpha', (application) => application.evaluate('get', 'without another')), 'goes on');
    });
  });
});
