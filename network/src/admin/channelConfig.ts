import { channelGroup, planChannel, readConfigBlock, type ConfigBlock } from '../channel/index.js';
import type { ChannelMaterial, PlanOptions, PolicyTemplate } from '../channel/index.js';
import type { Channel, Consortium } from '../topology/index.js';
import { common } from '@hyperledger/fabric-protos';
import type { NodeConnection } from './node.js';
import { query } from './proposal.js';
import type { Signer } from './signer.js';

/** A channel's newest configuration, as this peer has it. @throws AdminError, also while the peer does not know the signer yet */
export async function channelConfig(connection: NodeConnection, signer: Signer, channel: string): Promise<ConfigBlock> {
  const args = [Buffer.from('GetConfigBlock'), Buffer.from(channel)];
  return readConfigBlock(await query(connection, signer, { channel: '', chaincode: 'cscc', args }));
}

/** The configuration that a channel has by its consortium's description, as its genesis block would say it. */
export function describedConfig(
  consortium: Consortium,
  channel: Channel,
  template: PolicyTemplate,
  material: ChannelMaterial,
  options: PlanOptions = {},
): common.Config {
  const config = new common.Config();
  config.setChannelGroup(channelGroup(planChannel(consortium, channel, template, options), material));
  return config;
}
