import { headerHash, nextConfig, trustConfigBlock, verifyBlock, type TrustedConfig } from '@tracecal/ledger/block';
import { Block, ChannelHeader, Envelope, HEADER_TYPE, Payload } from '@tracecal/ledger/wire';

/** Whether a serialised block brings a configuration. */
export function isConfigBlock(block: Uint8Array): boolean {
  const [envelope] = Block.decode(block).data!.data;
  const { header } = Payload.decode(Envelope.decode(envelope!).payload);
  return ChannelHeader.decode(header!.channelHeader).type === HEADER_TYPE.config;
}

/** The hash by which somebody trusts a block who got it from a friend. */
export function pinOf(block: Uint8Array): Uint8Array {
  return headerHash(Block.decode(block).header!);
}

/** Every configuration of a chain, each verified from the one before; the first one is trusted. */
export function configurationsOf(chain: readonly Uint8Array[]): TrustedConfig[] {
  const [first, ...later] = chain.filter(isConfigBlock);
  const configurations = [trustConfigBlock(first!, pinOf(first!))];
  for (const block of later) configurations.push(nextConfig(block, configurations.at(-1)!));
  return configurations;
}

/** Verifies every block of a chain but the first under the configuration in force; answers who signed each. */
export function signersOf(chain: readonly Uint8Array[]): number[][] {
  const configurations = configurationsOf(chain);
  return chain.slice(1).map((block, index) => {
    const inForce = configurations.filter(({ number }) => number <= index).at(-1)!;
    return verifyBlock(block, inForce).signers.map(({ id }) => id);
  });
}
