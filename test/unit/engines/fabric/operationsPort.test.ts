import assert from 'node:assert/strict';
import { DockerLayout, FabricError, place, settlePlacement, type OperationsPlace } from '@tracecal/network/fabric';
import { defaultConsortiumFile, readConsortium, type Consortium, type NodeLocation } from '@tracecal/network/topology';
import { withTemporaryFolder } from './temporaryFolder.js';

const PEER = 'peer0.nmi-north.example';
const ORDERER = 'orderer1.orderer.nmi-north.example';

const plain = readConsortium(defaultConsortiumFile());

/** The sample consortium; its first peer and its first orderer are at this place. */
function placed(ofPeer: NodeLocation, ofOrderer: NodeLocation = {}): Consortium {
  const [member, ...members] = plain.organisations;
  const [orderer, ...orderers] = plain.orderers;
  assert.ok(member && orderer);
  const peers = member.peers.map((peer) => ({ ...peer, ...ofPeer }));
  return {
    ...plain,
    organisations: [{ ...member, peers }, ...members],
    orderers: [{ ...orderer, ...ofOrderer }, ...orderers],
  };
}

describe('The port of a node for health and metrics', () => {
  async function startedIn(
    folder: string,
    consortium: Consortium,
    ports: 'kept' | 'free' = 'kept',
  ): Promise<(name: string) => OperationsPlace | undefined> {
    const layout = new DockerLayout(folder);
    const placement = await place(layout, consortium, ports);
    await settlePlacement(layout, placement);
    return (name) => placement.operations.get(name);
  }

  it('is the described one, at the address where the node listens', () =>
    withTemporaryFolder(async (folder) => {
      const host = 'peer.nmi-north.example';
      const described = placed({ operationsPort: 9443, host, listen: '0.0.0.0' }, { operationsPort: 9444 });
      const operations = await startedIn(folder, described);
      assert.deepEqual(operations(PEER), { port: 9443, listen: '0.0.0.0', host });
      assert.deepEqual(operations(ORDERER), { port: 9444, listen: '127.0.0.1', host: '127.0.0.1' });
    }));

  it('is otherwise a port of loopback that is chosen once', () =>
    withTemporaryFolder(async (folder) => {
      const first = (await startedIn(folder, plain))(PEER);
      assert.equal(first?.listen, '127.0.0.1');
      assert.ok(first.port >= 10_000);
      assert.deepEqual((await startedIn(folder, plain))(PEER), first);
    }));

  it('may be described, changed and left out between two starts; the node itself may not move', () =>
    withTemporaryFolder(async (folder) => {
      const chosen = (await startedIn(folder, plain))(PEER);
      for (const operationsPort of [9443, 9543]) {
        const operations = await startedIn(folder, placed({ operationsPort }, { operationsPort: operationsPort + 1 }));
        assert.equal(operations(PEER)?.port, operationsPort);
        assert.equal(operations(ORDERER)?.port, operationsPort + 1);
      }
      assert.deepEqual((await startedIn(folder, plain))(PEER), chosen);
      await assert.rejects(
        startedIn(folder, placed({ host: '127.0.0.2' })),
        (error) => error instanceof FabricError && error.code === 'OTHER_CONSORTIUM',
      );
    }));

  it('is a free one where all ports are, also at the next start', () =>
    withTemporaryFolder(async (folder) => {
      const described = placed({ operationsPort: 9443 }, { operationsPort: 9444 });
      const free = await startedIn(folder, described, 'free');
      assert.notEqual(free(PEER)?.port, 9443);
      assert.notEqual(free(ORDERER)?.port, 9444);
      const kept = await startedIn(folder, described);
      assert.deepEqual(kept(PEER), free(PEER));
      assert.deepEqual(kept(ORDERER), free(ORDERER));
    }));
});
