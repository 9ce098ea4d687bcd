import { readConfigBlock, type ConfigBlock } from '../channel/index.js';
import type { NodeConnection } from './node.js';
import { query } from './proposal.js';
import type { Signer } from './signer.js';

/** A channel's newest configuration, as this peer has it. @throws AdminError, also while the peer does not know the signer yet */
export async function channelConfig(connection: NodeConnection, signer: Signer, channel: string): Promise<ConfigBlock> {
  const args = [Buffer.from('GetConfigBlock'), Buffer.from(channel)];
  return readConfigBlock(await query(connection, signer, { channel: '', chaincode: 'cscc', args }));
}
