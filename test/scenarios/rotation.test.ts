import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { loadMsp, loadTls, memberTree, ordererTree } from '@tracecal/network/pki';
import type { Application } from '../support/application.js';
import { asMember, credentialsOf, type ApplicationOptions } from '../support/application.js';
import { engineName, selectedEngine, type EngineNetwork } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { sharedChannelAlone } from '../support/scenarioConsortium.js';

describe(`Certificates of a running network that are replaced [${engineName}]`, function () {
  this.timeout(240_000);

  const consortium = sharedChannelAlone();
  const beta = memberTree(
    '',
    consortium.organisations.find(({ id }) => id === 'beta')!,
  );
  let network: EngineNetwork;

  before(async () => {
    network = await (await selectedEngine()).start(consortium);
    await as('beta', (application) => application.submit('put', 'before', 'the change'));
  });

  after(async () => {
    await (network as EngineNetwork | undefined)?.stop();
  });

  function as<T>(member: string, act: (application: Application) => Promise<T>, options?: ApplicationOptions) {
    return asMember(network, member, act, options);
  }

  /** Reads, writes and endorses as beta. */
  async function betaWorks(key: string): Promise<void> {
    await as('beta', async (application) => {
      assert.equal(await application.evaluate('get', 'before'), 'the change');
      const endorsingOrganizations = ['BetaMSP', 'AlphaMSP'];
      await application.contract().submit('put', { arguments: [key, 'there'], endorsingOrganizations });
      assert.equal(await application.evaluate('get', key), 'there');
    });
    // The others reach its peer too, when an endorsement of it is needed.
    await as('gamma', (application) =>
      eventually(async () => {
        const endorsingOrganizations = ['BetaMSP', 'GammaMSP'];
        await application.contract().submit('put', { arguments: [key, 'by gamma'], endorsingOrganizations });
      }),
    );
  }

  it('are those of members and orderers of the network alone', async () => {
    await assert.rejects(network.rotateAuthority('nobody', 'identity'), /no organisation nobody/);
    await assert.rejects(network.rotateOrderer('orderer9.nowhere.example'), /no orderer orderer9/);
  });

  describe('those of a member, by a new identity CA,', () => {
    let oldRoot: string;
    let oldUser: ReturnType<typeof credentialsOf>;
    let oldKey: string;

    const userKey = (): string => {
      const { msp } = memberTree(network.cryptoDir, beta).user('User1');
      return readFileSync(join(msp, 'keystore', 'priv_sk'), 'utf8');
    };

    before(async () => {
      oldRoot = readFileSync(join(network.cryptoDir, beta.caCertificate), 'utf8');
      oldUser = credentialsOf(network, 'beta');
      oldKey = userKey();
      await network.rotateAuthority('beta', 'identity');
    });

    it('come from one new root, for the same keys', () => {
      const { rootCerts } = loadMsp(join(network.cryptoDir, beta.msp), 'BetaMSP');
      assert.equal(rootCerts.length, 1);
      assert.notEqual(rootCerts[0], oldRoot);
      const user = new X509Certificate(credentialsOf(network, 'beta').identity.credentials);
      assert.ok(user.verify(new X509Certificate(rootCerts[0]!).publicKey));
      assert.equal(userKey(), oldKey);
    });

    it('let it read, write and endorse', () => betaWorks('with new identities'));

    it('are refused when they are the old ones, everywhere', async () => {
      for (const member of ['alpha', 'beta']) {
        const read = as(member, (application) => application.evaluate('get', 'before'), { credentials: oldUser });
        await assert.rejects(read);
      }
    });
  });

  describe('those of a member, by a new TLS CA,', () => {
    let oldRoot: string;
    let old: NonNullable<ReturnType<EngineNetwork['organisations']['find']>>;
    const endpoint = () => network.organisations.find(({ id }) => id === 'beta')!;

    before(async () => {
      oldRoot = readFileSync(endpoint().tlsCaCert, 'utf8');
      old = endpoint();
      await network.rotateAuthority('beta', 'tls');
    });

    it('are in its connection profile, at the address that it had', () => {
      const profile = readFileSync(endpoint().profile, 'utf8');
      assert.equal(endpoint().gatewayEndpoint, old.gatewayEndpoint);
      const now = readFileSync(endpoint().tlsCaCert, 'utf8');
      assert.notEqual(now, oldRoot);
      assert.ok(profile.includes(JSON.stringify(now).slice(1, -1)));
      assert.deepEqual(loadMsp(join(network.cryptoDir, beta.msp), 'BetaMSP').tlsRootCerts, [now]);
    });

    it('let it read, write and endorse', () => betaWorks('with new TLS certificates'));
  });

  describe('those of an orderer', () => {
    const [node] = consortium.orderers;
    const certificate = (): string => loadTls(ordererTree(network.cryptoDir, node!).node(node!.name).tls).certificate;
    let old: string;

    before(() => {
      old = certificate();
    });

    it('are the old ones while the channels cannot be told of others', async () => {
      const roots = join(network.cryptoDir, beta.msp, 'cacerts');
      renameSync(roots, `${roots}-away`);
      await assert.rejects(network.rotateOrderer(`${node!.name}.${node!.domain}`), /cacerts/);
      renameSync(`${roots}-away`, roots);
      assert.equal(certificate(), old);
    });

    it('are new ones after a second attempt, and the network continues', async () => {
      await network.rotateOrderer(`${node!.name}.${node!.domain}`);
      assert.notEqual(certificate(), old);
      await as('alpha', (application) =>
        eventually(async () => {
          await application.submit('put', 'after the orderer', 'goes on');
        }),
      );
    });
  });

  describe('and then restarted', () => {
    before(() => network.restart());

    it('let the members work', () => betaWorks('after a restart'));
  });
});
