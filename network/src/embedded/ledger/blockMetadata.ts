import { common } from '@hyperledger/fabric-protos';
import { randomBytes } from 'node:crypto';
import { blockHeaderBytes } from '../../channel/block.js';
import { NO_BYTES } from './record.js';
import type { BlockSigner } from './types.js';

const Index = common.BlockMetadataIndex;
const NONCE_LENGTH = 24;

export interface BlockOutcome {
  readonly codes: readonly number[];
  /** Empty for the genesis block. */
  readonly commitHash: Uint8Array;
  readonly configBlock: number;
  readonly signer?: BlockSigner | undefined;
}

/** Adds what ordering and validation say about a block. */
export function addMetadata(block: common.Block, header: common.BlockHeader, outcome: BlockOutcome): void {
  const given = block.getMetadata()?.getMetadataList_asU8() ?? [];
  const parts = Array.from({ length: Object.keys(Index).length }, (_, index) => given[index] ?? NO_BYTES);
  parts[Index.SIGNATURES] = signatures(header, outcome).serializeBinary();
  parts[Index.TRANSACTIONS_FILTER] = Buffer.from(outcome.codes);
  if (outcome.commitHash.length > 0) {
    parts[Index.COMMIT_HASH] = metadataOf(outcome.commitHash).serializeBinary();
  }
  const metadata = new common.BlockMetadata();
  metadata.setMetadataList(parts);
  block.setMetadata(metadata);
}

/** The validation code of each transaction, as its block records it. */
export function codesOf(block: common.Block): Uint8Array {
  return block.getMetadata()?.getMetadataList_asU8()[Index.TRANSACTIONS_FILTER] ?? NO_BYTES;
}

function signatures(header: common.BlockHeader, { configBlock, signer }: BlockOutcome): common.Metadata {
  const lastConfig = new common.LastConfig();
  lastConfig.setIndex(configBlock);
  const orderer = new common.OrdererBlockMetadata();
  orderer.setLastConfig(lastConfig);
  const value = orderer.serializeBinary();
  const metadata = metadataOf(value);
  if (signer !== undefined) {
    const signatureHeader = new common.SignatureHeader();
    signatureHeader.setCreator(signer.identity);
    signatureHeader.setNonce(randomBytes(NONCE_LENGTH));
    const headerBytes = signatureHeader.serializeBinary();
    const signature = new common.MetadataSignature();
    signature.setSignatureHeader(headerBytes);
    signature.setSignature(signer.sign(Buffer.concat([value, headerBytes, blockHeaderBytes(header)])));
    metadata.addSignatures(signature);
  }
  return metadata;
}

function metadataOf(value: Uint8Array): common.Metadata {
  const metadata = new common.Metadata();
  metadata.setValue(value);
  return metadata;
}
