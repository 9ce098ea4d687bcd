import { common } from '@hyperledger/fabric-protos';
import { NO_BYTES } from '@tracecal/ledger/wire';

const Index = common.BlockMetadataIndex;

export interface BlockOutcome {
  readonly codes: readonly number[];
  /** Empty for the genesis block. */
  readonly commitHash: Uint8Array;
  readonly configBlock: number;
}

/** Adds what ordering and validation say about a block. */
export function addMetadata(block: common.Block, outcome: BlockOutcome): void {
  const given = block.getMetadata()?.getMetadataList_asU8() ?? [];
  const parts = Array.from({ length: Object.keys(Index).length }, (_, index) => given[index] ?? NO_BYTES);
  parts[Index.SIGNATURES] = lastConfig(outcome.configBlock).serializeBinary();
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

/** Where the current configuration is, in the form in which orderers sign it: one process has nobody to prove it to. */
function lastConfig(configBlock: number): common.Metadata {
  const last = new common.LastConfig();
  last.setIndex(configBlock);
  const orderer = new common.OrdererBlockMetadata();
  orderer.setLastConfig(last);
  return metadataOf(orderer.serializeBinary());
}

function metadataOf(value: Uint8Array): common.Metadata {
  const metadata = new common.Metadata();
  metadata.setValue(value);
  return metadata;
}
