import assert from 'node:assert/strict';
import { blockDataHash, blockHeaderHash } from '@tracecal/network/channel';
import type { Network } from '@hyperledger/fabric-gateway';
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

/** Blocks of a channel as an application's peer has them, both included. @throws when the peer does not have the first one */
export async function blocksOf(network: Network, first: number, last: number): Promise<readonly common.Block[]> {
  const found: common.Block[] = [];
  const stream = await network.getBlockEvents({ startBlock: BigInt(first) });
  for await (const block of stream) {
    found.push(block);
    if (numberOf(block) >= last) break;
  }
  stream.close();
  return found;
}

function txIdOf(bytes: Uint8Array): string {
  const envelope = common.Envelope.deserializeBinary(bytes);
  const header = common.Payload.deserializeBinary(envelope.getPayload_asU8()).getHeader()!;
  return common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8()).getTxId();
}

/** Checks that blocks are a chain: every header continues the one before and fits its own data. @throws when they are not */
export function checkChain(blocks: readonly common.Block[]): void {
  let previous: Buffer = Buffer.alloc(0);
  for (const [index, block] of blocks.entries()) {
    const header = block.getHeader()!;
    const envelopes = block.getData()!.getDataList_asU8();
    assert.equal(header.getNumber(), index, 'blocks are numbered without a gap');
    assert.deepEqual(Buffer.from(header.getPreviousHash_asU8()), previous, `block ${index} continues the one before`);
    assert.deepEqual(
      Buffer.from(header.getDataHash_asU8()),
      blockDataHash(envelopes),
      `block ${index} has its own data`,
    );
    previous = blockHeaderHash(header);
  }
}
