import { peer } from '@hyperledger/fabric-protos';
import type { Signer } from './signer.js';
import type { NodeConnection } from './node.js';
import { query } from './proposal.js';

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

/** The names of the channels that a peer has joined. @throws AdminError */
export async function listPeerChannels(connection: NodeConnection, signer: Signer): Promise<readonly string[]> {
  const answer = await query(connection, signer, invocation('GetChannels'));
  return peer.ChannelQueryResponse.deserializeBinary(answer)
    .getChannelsList()
    .map((channel) => channel.getChannelId());
}

function invocation(name: string, ...args: readonly Uint8Array[]) {
  return { channel: '', chaincode: 'cscc', args: [Buffer.from(name), ...args] };
}
