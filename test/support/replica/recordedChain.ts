import { peerSource, type BlockSource } from '@tracecal/gateway-client/replica';
import type { DefinedChaincode } from '@tracecal/ledger/validation';
import { chaincodeDefinitions } from '@tracecal/network/channel';
import type { EngineNetwork } from '../engine.js';
import { REGISTRY, type RegistryNetwork } from '../registryNetwork.js';

/** The peer of a member of a running registry. */
export async function peerOf(registry: RegistryNetwork, organisation: string): Promise<BlockSource> {
  return peerSource(organisation, await registry.as(organisation));
}

/** All blocks that a peer has now. */
export async function blocksFrom(peer: BlockSource): Promise<readonly Uint8Array[]> {
  const blocks: Uint8Array[] = [];
  for await (const block of peer.blocks(0, (await peer.height()) - 1)) blocks.push(block);
  return blocks;
}

/** What a network keeps outside its channels, and somebody who follows it has to be told. */
export function definitionsOutside({ engine, consortium }: EngineNetwork): readonly DefinedChaincode[] {
  return engine === 'embedded' ? chaincodeDefinitions(consortium, REGISTRY.channel) : [];
}
