import { hexBytes } from '@tracecal/core/platform';
import { nextConfig, readConfigBlock, trustConfigBlock } from '@tracecal/ledger/block';
import type { TrustedConfig } from '@tracecal/ledger/block';
import { Block, METADATA } from '@tracecal/ledger/wire';
import { configurationOf } from '../../client/trust/channel.js';
import type { TrustedChannel } from '../../client/trust/channel.js';
import { carried, demand } from './shown.js';

/**
 * The configuration under which a block was made: reached from the trusted one, or, for an older block, from the channel's first
 * one, which the trust file names by its hash. @throws NotShown
 */
export function configurationFor(
  block: Uint8Array,
  configurations: readonly Uint8Array[],
  channel: TrustedChannel,
): TrustedConfig {
  return carried('its configurations are not accepted', () => {
    const number = Block.decode(block).header?.number ?? 0;
    const pinned = configurationOf(channel);
    const [first] = configurations;
    const isOlder = number <= pinned.number;
    demand(
      !isOlder || first !== undefined,
      'its block is older than the configuration that you trust, and the first one is missing',
    );
    let trusted = isOlder && first ? trustConfigBlock(first, hexBytes(channel.genesis) ?? new Uint8Array()) : pinned;
    demand(trusted.channelId === channel.name, 'the first configuration is of another channel');
    for (const next of configurations) {
      demandNothingUnsigned(next);
      const at = readConfigBlock(next).number;
      demand(at < number, 'a configuration comes after the block');
      if (at > trusted.number) trusted = nextConfig(next, trusted);
    }
    return trusted;
  });
}

/** Flags, commit hashes and others are what a peer says. @throws NotShown */
export function demandNothingUnsigned(block: Uint8Array): void {
  const metadata = Block.decode(block).metadata?.metadata ?? [];
  const signed: readonly number[] = [METADATA.signatures, METADATA.lastConfig];
  const stray = metadata.some((bytes, place) => bytes.length > 0 && !signed.includes(place));
  demand(!stray, 'it carries metadata that nobody signs');
}
