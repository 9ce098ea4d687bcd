import { base64Bytes, base64Text, hexText } from '@tracecal/core/platform';
import { headerHash, nextConfig, readConfigBlock, trustConfigBlock } from '@tracecal/ledger/block';
import type { TrustedConfig } from '@tracecal/ledger/block';
import { Block } from '@tracecal/ledger/wire';

/** A channel, with the configuration that an asker starts from: its orderers and its policies. */
export interface TrustedChannel {
  readonly name: string;
  /** SHA-256 of the header of its first block, hex: which channel of that name. */
  readonly genesis: string;
  /** The number of the configuration: each update increases it by one. */
  readonly sequence: number;
  /** The configuration's block, in base64, without metadata: what orderers sign there differs from peer to peer. */
  readonly configuration: string;
}

/**
 * The channel whose first block this is. @throws BlockError if it is not a first block, or has no Byzantine quorum
 */
export function channelOf(firstBlock: Uint8Array): TrustedChannel {
  const { header } = Block.decode(firstBlock);
  if (header?.number !== 0) {
    throw new Error('A channel begins with block 0, and the first block given is another one.');
  }
  const trusted = trustConfigBlock(firstBlock, headerHash(header));
  return { name: trusted.channelId, genesis: hexText(headerHash(header)), ...at(trusted, firstBlock) };
}

/**
 * The configuration of a trusted channel. The trust file itself is trusted: its block needs no signatures.
 * @throws Error (of any class) if its parts contradict one another
 */
export function configurationOf(channel: TrustedChannel): TrustedConfig {
  const { name, genesis, sequence, configuration } = channel;
  const { header } = configurationBlock(channel);
  if (!header) throw new Error('the configuration block has no header');
  const hash = headerHash(header);
  const trusted = trustConfigBlock(bytesOf(configuration), hash);
  const isFirst = header.number === 0;
  if (trusted.channelId !== name || trusted.sequence !== sequence || (isFirst && hexText(hash) !== genesis)) {
    throw new Error('the name, the first block or the number is not that of the configuration block');
  }
  return trusted;
}

/** The block with the configuration of a trusted channel. @throws Error (of any class) if it is none */
export function configurationBlock({ configuration }: TrustedChannel): Block {
  return Block.decode(bytesOf(configuration));
}

/**
 * Moves a trusted channel forward, one configuration after another. Blocks up to the trusted one are skipped.
 * @throws BlockError at the first block that does not follow: its orderers, its update or its administrators' signatures
 */
export function movedForward(channel: TrustedChannel, blocks: readonly Uint8Array[]): TrustedChannel {
  return configurationsFrom(channel, blocks).reduce<TrustedChannel>(
    (moved, { trusted, block }) => ({ ...moved, ...at(trusted, block) }),
    channel,
  );
}

interface Step {
  readonly trusted: TrustedConfig;
  readonly block: Uint8Array;
}

/** The configurations after the trusted one, each verified from the one before. @throws BlockError as {@link movedForward} */
export function configurationsFrom(channel: TrustedChannel, blocks: readonly Uint8Array[]): readonly Step[] {
  const steps: Step[] = [];
  let trusted = configurationOf(channel);
  for (const block of blocks) {
    if (readConfigBlock(block).number <= trusted.number) continue;
    trusted = nextConfig(block, trusted);
    steps.push({ trusted, block });
  }
  return steps;
}

function at({ sequence }: TrustedConfig, block: Uint8Array): Pick<TrustedChannel, 'sequence' | 'configuration'> {
  return { sequence, configuration: base64Text(withoutMetadata(block)) };
}

function bytesOf(base64: string): Uint8Array {
  return base64Bytes(base64) ?? new Uint8Array();
}

function withoutMetadata(block: Uint8Array): Uint8Array {
  return Block.encode({ ...Block.decode(block), metadata: { metadata: [] } });
}
