import { common } from '@hyperledger/fabric-protos';
import {
  LastConfig,
  Metadata,
  METADATA,
  METADATA_KINDS,
  NO_BYTES,
  OrdererBlockMetadata,
  ViewMetadata,
  type BlockHeader,
  type MetadataSignature,
} from '@tracecal/ledger/wire';

/** Signs a block's header and its metadata with the keys of the consenters that a configuration lists. */
export type SignBlock = (header: BlockHeader, signedMetadata: Uint8Array) => readonly MetadataSignature[];

export interface BlockOutcome {
  readonly codes: readonly number[];
  /** Empty for the genesis block. */
  readonly commitHash: Uint8Array;
  readonly configBlock: number;
}

/** No signatures: for a genesis block, and for the blocks of a ledger without orderers. */
export const UNSIGNED: SignBlock = () => [];

/** Adds the metadata of ordering and validation to a block. */
export function addMetadata(
  block: common.Block,
  { codes, commitHash, configBlock }: BlockOutcome,
  sign: SignBlock,
): void {
  const given = block.getMetadata()?.getMetadataList_asU8() ?? [];
  const parts = Array.from({ length: METADATA_KINDS }, (_, index) => given[index] ?? NO_BYTES);
  const header = headerOf(block);
  const lastConfig = { index: configBlock };
  // There is always one view, and every block is its next decision: nobody else takes part.
  const view = { latestSequence: header.number, decisionsInView: header.number };
  const value = OrdererBlockMetadata.encode({ lastConfig, consenterMetadata: ViewMetadata.encode(view) });
  parts[METADATA.signatures] = Metadata.encode({ value, signatures: sign(header, value) });
  parts[METADATA.lastConfig] = Metadata.encode({ value: LastConfig.encode(lastConfig) });
  parts[METADATA.transactionsFilter] = Buffer.from(codes);
  if (commitHash.length > 0) parts[METADATA.commitHash] = Metadata.encode({ value: commitHash });
  const metadata = new common.BlockMetadata();
  metadata.setMetadataList(parts);
  block.setMetadata(metadata);
}

/** The validation code of each transaction, as its block records it. */
export function codesOf(block: common.Block): Uint8Array {
  return block.getMetadata()?.getMetadataList_asU8()[METADATA.transactionsFilter] ?? NO_BYTES;
}

function headerOf(block: common.Block): BlockHeader {
  const header = block.getHeader() ?? new common.BlockHeader();
  return {
    number: header.getNumber(),
    previousHash: header.getPreviousHash_asU8(),
    dataHash: header.getDataHash_asU8(),
  };
}
