import type { common } from '@hyperledger/fabric-protos';
import type { Announcement } from '@tracecal/core/contracts';
import { hexText } from '@tracecal/core/platform';
import { headerHash } from '@tracecal/ledger/block';
import { writesAnnouncedRecord } from './announcedRecord.js';
import { announcementOf } from './announcement.js';
import { blockTransactions } from './blockTransactions.js';
import type { BlockTransaction } from './blockTransactions.js';
import { CheckpointFile, ofAnotherChain } from './checkpointFile.js';
import type { Ledger } from './ledger.js';

export interface StreamOptions {
  /**
   * File that stores how far the stream was read. Without it, the stream starts at `startBlock`. It is for one stream at a time: a
   * second one on the same file would skip what the first has not delivered, and is refused as soon as that is seen
   * (`CHECKPOINT_IN_USE`).
   */
  readonly checkpoint?: string;
  /** First block if there is no checkpoint yet; by default, the ledger's first. */
  readonly startBlock?: bigint;
  /** Last block; the stream ends after it. By default, it never ends. */
  readonly endBlock?: bigint;
}

/** An event of the registry: the announcement of a committed transaction. */
export interface RegistryEvent {
  readonly announcement: Announcement;
  readonly txId: string;
  readonly blockNumber: bigint;
}

const VALID = 0;

/**
 * Events in ledger order. An event counts as processed when the next one is requested: after a crash the event in progress
 * is delivered again, and none is lost. They are read from whole blocks, because an event counts only together with a public
 * write of the record that it names: one member alone can commit any event together with writes to its own private
 * collection.
 */
export async function* registryEvents(
  ledger: Ledger,
  chaincode: string,
  options: StreamOptions,
): AsyncGenerator<RegistryEvent, void, undefined> {
  const checkpoint = await openCheckpoint(options);
  const last = checkpoint?.getTransactionId();
  let after = checkpoint && last !== undefined ? { checkpoint, last } : undefined;
  for await (const block of blocksFrom(ledger, options, checkpoint)) {
    const blockNumber = numberOf(block);
    const transactions = blockTransactions(block);
    const rest = after === undefined ? transactions : transactionsAfter(after, transactions, blockNumber);
    after = undefined;
    for (const transaction of rest) {
      const announcement = announcedBy(transaction, chaincode);
      if (announcement) {
        ledger.requireOpen();
        yield { announcement, txId: transaction.txId, blockNumber };
        await checkpoint?.checkpointTransaction(blockNumber, transaction.txId);
      }
    }
  }
}

/** Whole blocks in ledger order, with the same guarantee as {@link registryEvents}. */
export async function* ledgerBlocks(
  ledger: Ledger,
  options: StreamOptions,
): AsyncGenerator<common.Block, void, undefined> {
  const checkpoint = await openCheckpoint(options);
  for await (const block of blocksFrom(ledger, options, checkpoint)) {
    yield block;
    await checkpoint?.checkpointBlock(numberOf(block), hashOf(block));
  }
}

function announcedBy({ code, effectOf }: BlockTransaction, chaincode: string): Announcement | undefined {
  const effect = code === VALID ? effectOf(chaincode) : undefined;
  const announcement = effect?.event && announcementOf(effect.event);
  return announcement && writesAnnouncedRecord(announcement, effect.publicKeys) ? announcement : undefined;
}

/**
 * @throws TraceCalError `CHECKPOINT_INVALID` if the checkpoint belongs to another ledger: continuing anywhere would skip
 * events
 */
function transactionsAfter(
  { checkpoint, last }: { readonly checkpoint: CheckpointFile; readonly last: string },
  transactions: readonly BlockTransaction[],
  blockNumber: bigint,
): readonly BlockTransaction[] {
  // Only valid ones: anybody can get an invalid transaction with another's id into a block.
  const index = transactions.findIndex((transaction) => transaction.code === VALID && transaction.txId === last);
  if (index === -1) {
    throw ofAnotherChain(checkpoint, `block ${blockNumber} holds no valid transaction ${last}`);
  }
  return transactions.slice(index + 1);
}

function openCheckpoint({ checkpoint }: StreamOptions): Promise<CheckpointFile> | undefined {
  return checkpoint === undefined ? undefined : CheckpointFile.open(checkpoint);
}

async function* blocksFrom(
  ledger: Ledger,
  { startBlock = 0n, endBlock }: StreamOptions,
  checkpoint: CheckpointFile | undefined,
): AsyncGenerator<common.Block, void, undefined> {
  const first = checkpoint?.getBlockNumber() ?? startBlock;
  if (checkpoint?.getBlockNumber() !== undefined) {
    await requireReached(ledger, checkpoint, first);
  }
  if (endBlock !== undefined && first > endBlock) {
    return; // A peer would wait for this block, which may not exist yet.
  }
  // A stream waits forever for its next block, so it first checks that a gateway answers.
  await ledger.ready();
  const blocks = await ledger.blocksFrom(first);
  try {
    for await (const block of blocks) {
      ledger.requireOpen(); // Blocks that have arrived already would otherwise be delivered long after the client was closed.
      requireFollows(checkpoint, block);
      yield block;
      if (endBlock !== undefined && numberOf(block) >= endBlock) {
        return;
      }
    }
  } catch (error) {
    throw ledger.failed(error);
  } finally {
    blocks.close();
  }
}

/** A peer answers nothing about blocks that it does not have, and a stream with an end would be empty every time. */
async function requireReached(ledger: Ledger, checkpoint: CheckpointFile, next: bigint): Promise<void> {
  await ledger.ready();
  const height = await ledger.height();
  if (next > height) {
    throw ofAnotherChain(
      checkpoint,
      `it continues at block ${next}, and the peer has ${height} blocks. If the peer only lags behind, wait for it and keep the file`,
    );
  }
}

/** What a checkpoint says of the block before: the next one names it by its hash. */
function requireFollows(checkpoint: CheckpointFile | undefined, block: common.Block): void {
  const previous = checkpoint?.getPreviousHash();
  if (!checkpoint || previous === undefined || numberOf(block) !== checkpoint.getBlockNumber()) {
    return;
  }
  if (hexText(block.getHeader()?.getPreviousHash_asU8() ?? new Uint8Array()) !== previous) {
    throw ofAnotherChain(
      checkpoint,
      `block ${numberOf(block)} follows another block than the one that was read before it`,
    );
  }
}

function hashOf(block: common.Block): string {
  const header = block.getHeader();
  return hexText(
    headerHash({
      number: header?.getNumber() ?? 0,
      previousHash: header?.getPreviousHash_asU8() ?? new Uint8Array(),
      dataHash: header?.getDataHash_asU8() ?? new Uint8Array(),
    }),
  );
}

function numberOf(block: common.Block): bigint {
  return BigInt(block.getHeader()?.getNumber() ?? 0);
}
