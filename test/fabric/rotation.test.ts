import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channelConfig, ordererChannel } from '@tracecal/network/admin';
import { startNative, type FabricNetwork } from '@tracecal/network/fabric';
import { loadTls, ordererTree } from '@tracecal/network/pki';
import type { Application } from '../support/application.js';
import { asMember, type ApplicationNetwork } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { SHARED, sharedChannelAlone } from '../support/scenarioConsortium.js';

describe('Certificates of a real orderer that are replaced', function () {
  this.timeout(240_000);

  const consortium = sharedChannelAlone();
  let dataDir: string;
  let network: FabricNetwork;
  let place: ApplicationNetwork;

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

  function as<T>(member: string, act: (application: Application) => Promise<T>) {
    return asMember(place, member, act);
  }

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

  it('count: with another orderer dead, the network needs this one and continues', async () => {
    network.processes.find(({ name }) => name === dead)!.kill('SIGKILL');
    await as('alpha', (application) =>
      eventually(async () => {
        await application.submit('put', 'without another', 'goes on');
      }),
    );
    assert.equal(await as('alpha', (application) => application.evaluate('get', 'without another')), 'goes on');
  });
});
