import { common } from '@hyperledger/fabric-protos';
import { createHash } from 'node:crypto';
import { ChannelError } from './errors.js';

/** How many kinds of metadata a block carries (`common.BlockMetadataIndex`). */
const METADATA_KINDS = Object.keys(common.BlockMetadataIndex).length;

/** SHA-256 over the ASN.1 DER form of number, previous hash and data hash: what the next block refers to. */
export function blockHeaderHash(header: common.BlockHeader): Buffer {
  return createHash('sha256').update(blockHeaderBytes(header)).digest();
}

/** That ASN.1 DER form: a block's orderer signs it too. */
function blockHeaderBytes(header: common.BlockHeader): Buffer {
  const parts = [
    der(0x02, unsignedInteger(BigInt(header.getNumber()))),
    der(0x04, header.getPreviousHash_asU8()),
    der(0x04, header.getDataHash_asU8()),
  ];
  return der(0x30, Buffer.concat(parts));
}

/** SHA-256 over all of a block's envelopes, one after the other. */
export function blockDataHash(envelopes: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const envelope of envelopes) hash.update(envelope);
  return hash.digest();
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

/** A config block taken apart. */
export interface ConfigBlock {
  readonly channelId: string;
  readonly number: number;
  readonly config: common.Config;
}

/**
 * Takes a serialised config block apart; a genesis block is one.
 * @throws ChannelError MALFORMED_BLOCK when its first envelope is not a configuration.
 */
export function readConfigBlock(bytes: Uint8Array): ConfigBlock {
  return orMalformed(() => takeApart(common.Block.deserializeBinary(bytes)));
}

/**
 * Takes a config block apart; a genesis block is one.
 * @throws ChannelError MALFORMED_BLOCK when its first envelope is not a configuration.
 */
export function configOfBlock(block: common.Block): ConfigBlock {
  return orMalformed(() => takeApart(block));
}

function takeApart(block: common.Block): ConfigBlock {
  const [data] = block.getData()?.getDataList_asU8() ?? [];
  const envelope = common.Envelope.deserializeBinary(present(data));
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const header = common.ChannelHeader.deserializeBinary(present(payload.getHeader()).getChannelHeader_asU8());
  if (header.getType() !== common.HeaderType.CONFIG) throw new Error('the envelope is of another type');
  const config = present(common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig());
  return { channelId: header.getChannelId(), number: present(block.getHeader()).getNumber(), config };
}

function orMalformed(read: () => ConfigBlock): ConfigBlock {
  try {
    return read();
  } catch (cause) {
    throw new ChannelError('MALFORMED_BLOCK', 'The block is not a config block.', cause);
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a part is missing');
  return value;
}

function der(tag: number, content: Uint8Array): Buffer {
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const length = unsignedInteger(BigInt(content.length));
  const digits = length[0] === 0 ? length.subarray(1) : length;
  return Buffer.concat([Buffer.from([tag, 0x80 | digits.length]), digits, content]);
}

/** Big-endian with a leading zero byte where the first bit would read as a sign. */
function unsignedInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.from([0]), bytes]);
}
