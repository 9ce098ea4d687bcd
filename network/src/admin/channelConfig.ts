import { common } from '@hyperledger/fabric-protos';
import type { NodeConnection } from './node.js';
import { query } from './proposal.js';
import type { Signer } from './signer.js';

/**
 * A channel's newest configuration, from this peer's state: a peer that joined from a snapshot has no configuration block.
 *
 * @throws AdminError, also while the peer does not know the signer yet
 */
export async function channelConfig(
  connection: NodeConnection,
  signer: Signer,
  channel: string,
): Promise<common.Config> {
  const args = [Buffer.from('GetChannelConfig'), Buffer.from(channel)];
  return common.Config.deserializeBinary(await query(connection, signer, { channel: '', chaincode: 'cscc', args }));
}
