import type { ChaincodeEvent, Checkpoint, CloseableAsyncIterable, Network } from '@hyperledger/fabric-gateway';
import type { common } from '@hyperledger/fabric-protos';
import type { Announcement } from '@tracecal/chaincode/registry';
import { answerOf } from './answer.js';
import { CheckpointFile } from './checkpointFile.js';
import { gatewayFailure } from './gatewayFailure.js';

export interface StreamOptions {
  /** File that remembers how far the stream was read. Without one it starts at `startBlock`. */
  readonly checkpoint?: string;
  /** First block where there is no checkpoint yet; the ledger's beginning if it is not given. */
  readonly startBlock?: bigint;
}

/** An event of the registry: what a committed transaction announced. */
export interface RegistryEvent {
  readonly announcement: Announcement;
  readonly txId: string;
  readonly blockNumber: bigint;
}

/**
 * Events in ledger order. One counts as dealt with when the next is asked for: after a crash the one that was being
 * worked on comes again, none is left out.
 */
export async function* registryEvents(
  network: Network,
  chaincode: string,
  options: StreamOptions,
): AsyncGenerator<RegistryEvent, void, undefined> {
  const source: Source<ChaincodeEvent> = {
    open: (start) => network.getChaincodeEvents(chaincode, start),
    remember: (checkpoint, event) => checkpoint.checkpointChaincodeEvent(event),
  };
  for await (const { payload, transactionId: txId, blockNumber } of resumed(source, options)) {
    yield { announcement: answerOf(payload) as Announcement, txId, blockNumber };
  }
}

/** Whole blocks in ledger order, under the same promise as {@link registryEvents}. */
export function ledgerBlocks(network: Network, options: StreamOptions): AsyncGenerator<common.Block, void, undefined> {
  const source: Source<common.Block> = {
    open: (start) => network.getBlockEvents(start),
    remember: (checkpoint, block) => checkpoint.checkpointBlock(BigInt(block.getHeader()?.getNumber() ?? 0)),
  };
  return resumed(source, options);
}

interface Source<T> {
  open(start: { startBlock: bigint; checkpoint?: Checkpoint }): Promise<CloseableAsyncIterable<T>>;
  remember(checkpoint: CheckpointFile, item: T): Promise<void>;
}

async function* resumed<T>(source: Source<T>, options: StreamOptions): AsyncGenerator<T, void, undefined> {
  const checkpoint = options.checkpoint === undefined ? undefined : await CheckpointFile.open(options.checkpoint);
  const start = { startBlock: options.startBlock ?? 0n, ...(checkpoint ? { checkpoint } : {}) };
  const items = await source.open(start).catch(failed);
  try {
    for await (const item of items) {
      yield item;
      await (checkpoint && source.remember(checkpoint, item));
    }
  } catch (error) {
    failed(error);
  } finally {
    items.close();
  }
}

function failed(error: unknown): never {
  throw gatewayFailure(error);
}
