import { readFile } from 'node:fs/promises';
import type { ChaincodeEvent, Checkpointer } from '@hyperledger/fabric-gateway';
import { z } from 'zod';
import { atomicWrite } from './atomicWrite.js';
import { clientError } from './errors.js';

const schema = z.strictObject({
  block: z.string().regex(/^\d{1,20}$/),
  transaction: z.string().max(128).nullable(),
});

interface Position {
  readonly block: bigint;
  readonly transaction: string | undefined;
}

/**
 * Stores in a file how far a stream was read. The file is replaced atomically: after a crash it is the old one or the new
 * one.
 */
export class CheckpointFile implements Checkpointer {
  readonly #path: string;
  #position: Position | undefined;

  private constructor(path: string, position: Position | undefined) {
    this.#path = path;
    this.#position = position;
  }

  /**
   * Opens a checkpoint; if the file does not exist, the stream starts at the beginning. @throws TraceCalError
   * `CHECKPOINT_INVALID`
   */
  static async open(path: string): Promise<CheckpointFile> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
        return new CheckpointFile(path, undefined);
      }
      throw clientError('CHECKPOINT_INVALID', path, { cause });
    }
    return new CheckpointFile(path, parse(text, path));
  }

  getBlockNumber(): bigint | undefined {
    return this.#position?.block;
  }

  getTransactionId(): string | undefined {
    return this.#position?.transaction;
  }

  /** The whole block was processed: continue with the next. */
  checkpointBlock(blockNumber: bigint): Promise<void> {
    return this.#save({ block: blockNumber + 1n, transaction: undefined });
  }

  checkpointTransaction(blockNumber: bigint, transactionId: string): Promise<void> {
    return this.#save({ block: blockNumber, transaction: transactionId });
  }

  checkpointChaincodeEvent(event: ChaincodeEvent): Promise<void> {
    return this.checkpointTransaction(event.blockNumber, event.transactionId);
  }

  async #save(position: Position): Promise<void> {
    const text = JSON.stringify({ block: String(position.block), transaction: position.transaction ?? null });
    try {
      await atomicWrite(this.#path, `${text}\n`, { isDurable: false });
    } catch (cause) {
      throw clientError('CHECKPOINT_INVALID', this.#path, { cause });
    }
    this.#position = position;
  }
}

function parse(text: string, path: string): Position {
  try {
    const { block, transaction } = schema.parse(JSON.parse(text));
    return { block: BigInt(block), transaction: transaction ?? undefined };
  } catch (cause) {
    throw clientError('CHECKPOINT_INVALID', path, { cause });
  }
}
