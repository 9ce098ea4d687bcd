import { common } from '@hyperledger/fabric-protos';

/** A transaction of a block, with the verdict of the peer that the block came from. */
export interface BlockTransaction {
  readonly txId: string;
  /** A `protos.TxValidationCode`; 0 is VALID. */
  readonly code: number;
}

/** The transactions of a block, in their order. */
export function transactionsOf(block: common.Block): BlockTransaction[] {
  const metadata = block.getMetadata()!.getMetadataList_asU8();
  const codes = metadata[common.BlockMetadataIndex.TRANSACTIONS_FILTER]!;
  return block
    .getData()!
    .getDataList_asU8()
    .map((envelope, index) => ({ txId: txIdOf(envelope), code: codes[index]! }));
}

/** A block's number; in these tests it fits. */
export function numberOf(block: common.Block): number {
  return block.getHeader()!.getNumber();
}

function txIdOf(bytes: Uint8Array): string {
  const envelope = common.Envelope.deserializeBinary(bytes);
  const header = common.Payload.deserializeBinary(envelope.getPayload_asU8()).getHeader()!;
  return common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8()).getTxId();
}
