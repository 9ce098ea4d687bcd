import { setTimeout as pause } from 'node:timers/promises';
import { AdminError, discoverChaincode, type Signer } from '../../../admin/index.js';
import { membersOf, type ChaincodeDeployment, type Channel, type Consortium } from '../../../topology/index.js';
import { FabricError } from '../errors.js';
import type { PeerHandle } from './nodes.js';

const POLL_MS = 200;

/**
 * Waits until the peers of all organisations know each other for every chaincode on every channel they share. A health endpoint says "OK"
 * long before that, and a transaction sent in between fails for lack of endorsers.
 *
 * @throws FabricError `NOT_READY`, naming the peers that do not know others.
 */
export async function waitUntilDiscoverable(
  consortium: Consortium,
  chaincodes: readonly ChaincodeDeployment[],
  peers: readonly PeerHandle[],
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let open = views(consortium, chaincodes, peers);
  for (;;) {
    const lacks = await Promise.all(open.map(async (view) => ({ view, lack: await lackOf(view) })));
    const lacking = lacks.filter(({ lack }) => lack !== undefined);
    if (lacking.length === 0) return;
    if (Date.now() > deadline) {
      throw new FabricError('NOT_READY', lacking.map(({ lack }) => lack).join('; '));
    }
    open = lacking.map(({ view }) => view);
    await pause(POLL_MS);
  }
}

interface View {
  readonly peer: PeerHandle;
  /** Fabric's discovery answers only the channel's writers, so a writer asks a reader's peer. */
  readonly asker: Signer;
  readonly channel: string;
  readonly chaincode: string;
  readonly expected: readonly string[];
}

function views(
  consortium: Consortium,
  chaincodes: readonly ChaincodeDeployment[],
  peers: readonly PeerHandle[],
): readonly View[] {
  const withPeers = consortium.organisations.filter((organisation) => organisation.peers.length > 0);
  const mspIds = new Map(withPeers.map(({ id, mspId }) => [id, mspId]));
  return chaincodes.flatMap((chaincode) =>
    channelsOf(chaincode, consortium).flatMap((channel) => {
      const members = membersOf(channel);
      const expected = members.flatMap((id) => mspIds.get(id) ?? []);
      const writer = peers.find(({ organisation }) => channel.writers.includes(organisation.id));
      return peers
        .filter(({ organisation }) => members.includes(organisation.id))
        .map((peer) => ({
          peer,
          asker: channel.writers.includes(peer.organisation.id) ? peer.admin : (writer ?? peer).admin,
          channel: channel.name,
          chaincode: chaincode.name,
          expected,
        }));
    }),
  );
}

function channelsOf(chaincode: ChaincodeDeployment, consortium: Consortium): readonly Channel[] {
  return consortium.channels.filter(({ name }) => chaincode.channels.includes(name));
}

async function lackOf({ peer, asker, channel, chaincode, expected }: View): Promise<string | undefined> {
  const where = `${peer.name} on ${channel}`;
  try {
    const found = await discoverChaincode(peer.connection, asker, channel, chaincode);
    const missing = expected.filter((mspId) => !found.organisations.includes(mspId));
    if (missing.length > 0) return `${where} knows no peer of ${missing.join(', ')} that runs ${chaincode}`;
    return found.endorsable ? undefined : `${where} knows too few peers to endorse ${chaincode}`;
  } catch (error) {
    if (error instanceof AdminError) return `${where}: ${error.message}`;
    throw error;
  }
}
