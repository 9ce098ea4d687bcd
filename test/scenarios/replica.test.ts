import assert from 'node:assert/strict';
import { canonicalJson } from '@tracecal/core/model';
import { connect, Follower, type Place } from '@tracecal/gateway-client/replica';
import { engineName } from '../support/engine.js';
import { presentDates, twoCountries, type Hierarchy } from '../support/hierarchy.js';
import { RegistryNetwork } from '../support/registryNetwork.js';
import { definitionsOutside, peerOf } from '../support/replica/recordedChain.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const PEERS = ['nmi-north', 'lab-alpha'];

describe(`A replica of a running registry [${engineName}]`, function () {
  this.timeout(300_000);

  let hierarchy: Hierarchy;
  let registry: RegistryNetwork;
  let folder: string;

  before(async () => {
    hierarchy = await twoCountries(undefined, presentDates());
    registry = await RegistryNetwork.start(hierarchy);
    await registry.submitNew();
    folder = temporaryFolder();
  });

  after(async () => {
    await (registry as RegistryNetwork | undefined)?.stop();
    removeTemporaryFolders();
  });

  /** Takes what the peers of an institute and of a laboratory have, and compares the two. */
  async function catchUp(): Promise<Place> {
    const peers = await Promise.all(PEERS.map((organisation) => peerOf(registry, organisation)));
    const definitions = definitionsOutside(registry.network);
    const follower = new Follower({ replica: folder, peers, definitions, patienceMs: 30_000 });
    try {
      return await follower.catchUp();
    } finally {
      await follower.close();
    }
  }

  async function answersAsTheNetwork(device: string, status: string): Promise<void> {
    const id = hierarchy.idOf('device', device);
    const asOf = await registry.now();
    const told = await (await registry.as('nmi-north')).traceCal(id, { asOf });
    const reader = await connect({ replica: folder });
    try {
      const verdict = await reader.traceCal(id, { asOf });
      assert.equal(verdict.status, status, verdict.reason);
      assert.equal(canonicalJson(verdict), canonicalJson(told));
    } finally {
      await reader.close();
    }
  }

  it('verifies every block from the first one on, and answers as the network does', async () => {
    const { height } = await catchUp();
    assert.equal(BigInt(height), await (await registry.as('nmi-north')).height());
    await answersAsTheNetwork('sensor-a', 'TRACEABLE');
    await answersAsTheNetwork('sensor-b', 'TRACEABLE');
  });

  it('finds the device failed once it has followed to a revocation', async () => {
    hierarchy.addStatement('revocation', ['device', 'working-a'], { reason: 'fraud' });
    await registry.submitNew();
    await catchUp();
    await answersAsTheNetwork('sensor-a', 'FAILED');
    await answersAsTheNetwork('sensor-b', 'TRACEABLE');
  });

  it('follows a change of members, and what is endorsed after it', async () => {
    await registry.network.changeMembers({ leave: 'lab-beta', endorsement: {} });
    await (await registry.as('lab-alpha')).anchor('a'.repeat(64));
    const { configBlock, height } = await catchUp();
    assert.ok(configBlock > 0 && configBlock < height);
    await answersAsTheNetwork('sensor-b', 'TRACEABLE');
  });

  it('follows an upgrade of the chaincode', async () => {
    const registryNow = registry.network.consortium.chaincodes.find(({ name }) => name === 'registry')!;
    await registry.network.upgrade({ ...registryNow, version: '1.1', sequence: 2 });
    await (await registry.as('lab-alpha')).anchor('b'.repeat(64));
    await catchUp();
    await answersAsTheNetwork('sensor-b', 'TRACEABLE');
  });
});
