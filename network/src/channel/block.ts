import { common } from '@hyperledger/fabric-protos';
import * as ledger from '@tracecal/ledger/block';
import { METADATA_KINDS } from '@tracecal/ledger/wire';
import { ChannelError } from './errors.js';

/** SHA-256 over the ASN.1 DER form of number, previous hash and data hash: the next block contains it. */
export function blockHeaderHash(header: common.BlockHeader): Buffer {
  return Buffer.from(ledger.headerHash(headerOf(header)));
}

/** SHA-256 over all of a block's envelopes, one after the other. */
export function blockDataHash(envelopes: readonly Uint8Array[]): Buffer {
  return Buffer.from(ledger.dataHash(envelopes));
}

function headerOf(header: common.BlockHeader): Parameters<typeof ledger.headerHash>[0] {
  return {
    number: header.getNumber(),
    previousHash: header.getPreviousHash_asU8(),
    dataHash: header.getDataHash_asU8(),
  };
}

/** A block with its data hash and with room for its metadata. */
export function newBlock(number: number, previousHash: Uint8Array, envelopes: readonly Uint8Array[]): common.Block {
  const header = new common.BlockHeader();
  header.setNumber(number);
  header.setPreviousHash(previousHash);
  header.setDataHash(blockDataHash(envelopes));
  const data = new common.BlockData();
  data.setDataList([...envelopes]);
  const metadata = new common.BlockMetadata();
  metadata.setMetadataList(Array.from({ length: METADATA_KINDS }, () => new Uint8Array()));
  const block = new common.Block();
  block.setHeader(header);
  block.setData(data);
  block.setMetadata(metadata);
  return block;
}

/** The parts of a config block. */
export interface ConfigBlock {
  readonly channelId: string;
  readonly number: number;
  readonly config: common.Config;
}

/**
 * Parses a serialised config block, also a genesis block.
 * @throws ChannelError MALFORMED_BLOCK when its first envelope is not a configuration.
 */
export function readConfigBlock(bytes: Uint8Array): ConfigBlock {
  try {
    const { channelId, number, config } = ledger.readConfigBlock(bytes);
    return { channelId, number, config: common.Config.deserializeBinary(config) };
  } catch (cause) {
    throw new ChannelError('MALFORMED_BLOCK', 'The block is not a config block.', cause);
  }
}
