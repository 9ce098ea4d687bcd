import { peer } from '@hyperledger/fabric-protos';
import { setTimeout as pause } from 'node:timers/promises';
import { AdminError } from './errors.js';
import type { Signer } from './signer.js';
import type { NodeConnection } from './node.js';
import { query } from './proposal.js';

const SNAPSHOT_MS = 300_000;
const POLL_MS = 100;

/**
 * Joins a peer to a channel.
 *
 * @param genesisBlock the channel's serialised block 0.
 * @param signer an administrator of the peer's own organisation.
 * @throws AdminError `REFUSED` with the peer's words, also when it has joined already.
 */
export async function joinPeer(connection: NodeConnection, signer: Signer, genesisBlock: Uint8Array): Promise<void> {
  await query(connection, signer, invocation('JoinChain', genesisBlock));
}

/**
 * Joins a peer to a channel from a snapshot, and resolves when it has loaded the snapshot. The peer then lacks blocks, private values and
 * the history of keys from before the snapshot.
 *
 * @param folder Where the peer finds the snapshot; it reads it once.
 * @param signer An administrator of the peer's own organisation.
 * @throws AdminError `REFUSED` with the peer's words, also while it joins another channel; `TIMEOUT`
 */
export async function joinPeerFromSnapshot(
  connection: NodeConnection,
  signer: Signer,
  channel: string,
  folder: string,
): Promise<void> {
  await query(connection, signer, invocation('JoinChainBySnapshot', Buffer.from(folder)));
  const deadline = Date.now() + SNAPSHOT_MS;
  while (await isJoiningFromSnapshot(connection, signer)) {
    if (Date.now() > deadline) {
      throw new AdminError('TIMEOUT', `still joins ${channel} from its snapshot`, connection.name);
    }
    await pause(POLL_MS);
  }
  // The peer works after it has answered, and reports a failure only in its log.
  if ((await listPeerChannels(connection, signer)).includes(channel)) return;
  throw new AdminError(
    'REFUSED',
    `could not join ${channel} from the snapshot in ${folder}: see its log`,
    connection.name,
  );
}

/** The names of the channels that a peer has joined. @throws AdminError */
export async function listPeerChannels(connection: NodeConnection, signer: Signer): Promise<readonly string[]> {
  const answer = await query(connection, signer, invocation('GetChannels'));
  return peer.ChannelQueryResponse.deserializeBinary(answer)
    .getChannelsList()
    .map((channel) => channel.getChannelId());
}

async function isJoiningFromSnapshot(connection: NodeConnection, signer: Signer): Promise<boolean> {
  const answer = await query(connection, signer, invocation('JoinBySnapshotStatus'));
  return peer.JoinBySnapshotStatus.deserializeBinary(answer).getInProgress();
}

function invocation(name: string, ...args: readonly Uint8Array[]) {
  return { channel: '', chaincode: 'cscc', args: [Buffer.from(name), ...args] };
}
