import { common } from '@hyperledger/fabric-protos';
import type { NodeConnection } from './node.js';
import { query } from './proposal.js';
import type { Signer } from './signer.js';

/** How many blocks of a channel a peer has committed. @throws AdminError, also while the peer does not know the signer yet */
export async function channelHeight(connection: NodeConnection, signer: Signer, channel: string): Promise<number> {
  const args = [Buffer.from('GetChainInfo'), Buffer.from(channel)];
  const answer = await query(connection, signer, { channel: '', chaincode: 'qscc', args });
  return common.BlockchainInfo.deserializeBinary(answer).getHeight();
}
