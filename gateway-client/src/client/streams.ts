import type { common } from '@hyperledger/fabric-protos';
import type { Announcement } from '@tracecal/core/contracts';
import { writesAnnouncedRecord } from './announcedRecord.js';
import { announcementOf } from './announcement.js';
import { blockTransactions } from './blockTransactions.js';
import type { BlockTransaction } from './blockTransactions.js';
import { CheckpointFile } from './checkpointFile.js';
import { clientError } from './errors.js';
import type { Ledger } from './ledger.js';

export interface StreamOptions {
  /** File that remembers how far the stream was read. Without one it starts at `startBlock`. */
  readonly checkpoint?: string;
  /** First block where there is no checkpoint yet; the ledger's beginning if it is not given. */
  readonly startBlock?: bigint;
  /** Last block; the stream ends after it. It never ends if this is not given. */
  readonly endBlock?: bigint;
}

/** An event of the registry: what a committed transaction announced. */
export interface RegistryEvent {
  readonly announcement: Announcement;
  readonly txId: string;
  readonly blockNumber: bigint;
}

const VALID = 0;

/**
 * Events in ledger order. One counts as dealt with when the next is asked for: after a crash the one that was being
 * worked on comes again, none is left out. They are read from whole blocks, because an event counts only with a public write
 * of the record that it names: one member alone can commit any event beside writes of its own private collection.
 */
export async function* registryEvents(
  ledger: Ledger,
  chaincode: string,
  options: StreamOptions,
): AsyncGenerator<RegistryEvent, void, undefined> {
  const checkpoint = await openCheckpoint(options);
  let after = checkpoint?.getTransactionId();
  for await (const block of blocksFrom(ledger, options, checkpoint)) {
    const blockNumber = numberOf(block);
    const transactions = blockTransactions(block);
    const rest = after === undefined ? transactions : transactionsAfter(after, transactions, blockNumber);
    after = undefined;
    for (const transaction of rest) {
      const announcement = announcedBy(transaction, chaincode);
      if (announcement) {
        yield { announcement, txId: transaction.txId, blockNumber };
        await checkpoint?.checkpointTransaction(blockNumber, transaction.txId);
      }
    }
  }
}

/** Whole blocks in ledger order, under the same promise as {@link registryEvents}. */
export async function* ledgerBlocks(
  ledger: Ledger,
  options: StreamOptions,
): AsyncGenerator<common.Block, void, undefined> {
  const checkpoint = await openCheckpoint(options);
  for await (const block of blocksFrom(ledger, options, checkpoint)) {
    yield block;
    await checkpoint?.checkpointBlock(numberOf(block));
  }
}

function announcedBy({ code, effectOf }: BlockTransaction, chaincode: string): Announcement | undefined {
  const effect = code === VALID ? effectOf(chaincode) : undefined;
  const announcement = effect?.event && announcementOf(effect.event);
  return announcement && writesAnnouncedRecord(announcement, effect.publicKeys) ? announcement : undefined;
}

/** @throws TraceCalError `CHECKPOINT_INVALID` where the checkpoint is of another ledger: going on anywhere would leave events out */
function transactionsAfter(
  txId: string,
  transactions: readonly BlockTransaction[],
  blockNumber: bigint,
): readonly BlockTransaction[] {
  // Only valid ones: anybody can have an invalid transaction with somebody else's id put into a block.
  const index = transactions.findIndex((transaction) => transaction.code === VALID && transaction.txId === txId);
  if (index === -1) {
    throw clientError('CHECKPOINT_INVALID', `Block ${blockNumber} of this channel holds no valid transaction ${txId}.`);
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
  if (endBlock !== undefined && first > endBlock) {
    return; // A peer would wait for that block.
  }
  // A stream waits for ever for its next block: that there is somebody to wait for is asked first.
  await ledger.ready();
  const blocks = await ledger.network.getBlockEvents({ startBlock: first }).catch((error: unknown) => {
    throw ledger.failed(error);
  });
  try {
    for await (const block of blocks) {
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

function numberOf(block: common.Block): bigint {
  return BigInt(block.getHeader()?.getNumber() ?? 0);
}
