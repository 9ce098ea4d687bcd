import { Block, Config, sameBytes, type BlockHeader } from '../wire/index.js';
import { readConfigBlock, type ConfigBlock } from './configBlock.js';
import { checkData } from './data.js';
import { BlockError } from './errors.js';
import { headerHash } from './hashes.js';
import { checkLeadsTo } from './leadsTo.js';
import { readOrderers, type Orderers } from './orderers.js';
import { accessFromConfig } from '../policy/index.js';
import { checkQuorum, type BlockSigner } from './signatures.js';

/** A trusted configuration of a channel: it was pinned, or it follows from a pinned one. */
export interface TrustedConfig {
  readonly channelId: string;
  /** The number of its block. */
  readonly number: number;
  readonly sequence: number;
  /** A serialised `common.Config`. */
  readonly config: Uint8Array;
  readonly orderers: Orderers;
}

/**
 * A block that belongs to the channel, as far as its orderers can be trusted. They do not confirm that its transactions are
 * valid.
 */
export interface VerifiedBlock {
  readonly header: BlockHeader;
  readonly hash: Uint8Array;
  readonly envelopes: readonly Uint8Array[];
  /** Whether it brings a configuration, for {@link nextConfig}. */
  readonly isConfig: boolean;
  readonly signers: readonly BlockSigner[];
}

/**
 * Starts with a config block, the genesis block or a later one, whose header hash is known from another source. Its
 * signatures do not matter; the first block has none.
 * @throws BlockError WRONG_DATA if this is not the pinned block
 */
export function trustConfigBlock(block: Uint8Array, pinned: Uint8Array): TrustedConfig {
  const read = readBlock(block);
  if (!sameBytes(headerHash(read.header), pinned)) {
    throw new BlockError('WRONG_DATA', `Block ${read.header.number} is not the one that is trusted.`);
  }
  const trusted = trustedConfig(readConfigBlock(block));
  checkData(read.header, read.envelopes, trusted.channelId);
  return trusted;
}

/**
 * Verifies a whole block under the configuration in force: its data, its channel, and the quorum of the orderers. A config block is
 * verified under the configuration before it.
 * @throws BlockError
 */
export function verifyBlock(block: Uint8Array, trusted: TrustedConfig): VerifiedBlock {
  const { header, envelopes, metadata } = readBlock(block);
  const isConfig = checkData(header, envelopes, trusted.channelId);
  const { lastConfig, signers } = checkQuorum(header, metadata, trusted.orderers);
  if (header.number <= trusted.number) {
    throw new BlockError(
      'WRONG_CONFIG',
      `Block ${header.number} does not come after block ${trusted.number}, whose configuration is trusted.`,
    );
  }
  const expected = isConfig ? header.number : trusted.number;
  if (lastConfig !== expected) {
    throw new BlockError(
      'WRONG_CONFIG',
      `Block ${header.number} was made under the configuration of block ${lastConfig}, not ${expected}.`,
    );
  }
  return { header, hash: headerHash(header), envelopes, isConfig, signers };
}

/**
 * Advances to the next configuration. The orderers of the previous configuration must have signed its block, and it must be
 * exactly the result of an update signed by the administrators that the previous configuration requires (the mod policy of
 * every changed element). Blocks in between are not needed.
 *
 * So a quorum of the orderers cannot introduce a configuration alone. It can still omit or delay an update, choose between
 * two that exclude each other, or show two readers different chains. It can also apply an update that was signed and never
 * sent, as long as the elements that the update read are unchanged: a signature names the channel only by its name, and does
 * not expire.
 *
 * It is stricter than Fabric: it refuses unknown fields, very large policies and certificates that it cannot read, at the block that
 * brings them. So one administrator can stop others from following a channel, with a change to their own organisation that Fabric
 * accepts. Nobody can mislead those who follow it.
 * @throws BlockError UNSIGNED_CONFIG if administrators are missing; the codes of {@link verifyBlock}
 */
export function nextConfig(block: Uint8Array, trusted: TrustedConfig): TrustedConfig {
  verifyBlock(block, trusted);
  const read = readConfigBlock(block);
  const next = trustedConfig(read);
  if (next.sequence !== trusted.sequence + 1) {
    throw new BlockError(
      'WRONG_CONFIG',
      `Block ${next.number} brings configuration ${next.sequence}; ${trusted.sequence + 1} is the next one.`,
    );
  }
  checkLeadsTo(read, trusted);
  requireReadable(read);
  return next;
}

/** The one after this is judged by it: what cannot be read is said at the block that brings it. @throws BlockError WRONG_CONFIG */
function requireReadable({ channelId, number, config }: ConfigBlock): void {
  try {
    accessFromConfig(channelId, config);
  } catch (cause) {
    throw new BlockError('WRONG_CONFIG', `Block ${number} brings a configuration with a part that cannot be read.`, {
      cause,
    });
  }
}

/** Checks that one block directly follows another. @throws BlockError BROKEN_CHAIN */
export function checkFollows(header: BlockHeader, previous: BlockHeader): void {
  if (header.number !== previous.number + 1 || !sameBytes(header.previousHash, headerHash(previous))) {
    throw new BlockError('BROKEN_CHAIN', `Block ${header.number} does not continue block ${previous.number}.`);
  }
}

interface ReadBlock {
  readonly header: BlockHeader;
  readonly envelopes: readonly Uint8Array[];
  readonly metadata: readonly Uint8Array[];
}

function readBlock(bytes: Uint8Array): ReadBlock {
  const { header, data, metadata } = decoded(bytes);
  if (header === undefined || data === undefined || metadata === undefined) {
    throw new BlockError('MALFORMED_BLOCK', 'The block lacks its header, its data or its metadata.');
  }
  return { header, envelopes: data.data, metadata: metadata.metadata };
}

function decoded(bytes: Uint8Array): Block {
  try {
    return Block.decodeExact(bytes);
  } catch (cause) {
    throw new BlockError('MALFORMED_BLOCK', 'The block cannot be read.', { cause });
  }
}

function trustedConfig({ channelId, number, config }: ConfigBlock): TrustedConfig {
  const { sequence } = Config.decode(config);
  return { channelId, number, sequence, config, orderers: readOrderers(config) };
}
