import { readFile } from 'node:fs/promises';
import type { ChaincodeEvent, Checkpointer } from '@hyperledger/fabric-gateway';
import { printable, SHA256_HEX } from '@tracecal/core/model';
import { z } from 'zod';
import { isMissing, whyUnreadable } from '../files/index.js';
import { atomicWrite } from './atomicWrite.js';
import { clientError, TraceCalError } from './errors.js';

/** The number of a block has 64 bits. */
const BLOCKS = 2n ** 64n;

const schema = z.strictObject({
  block: z
    .string()
    .regex(/^\d{1,20}$/)
    .refine((number) => BigInt(number) < BLOCKS),
  transaction: z.string().max(128).nullable(),
  previous: z.string().regex(SHA256_HEX).optional(),
});

interface Position {
  readonly block: bigint;
  readonly transaction: string | undefined;
  /** SHA-256 of the header of the block before, hex: which chain it is. */
  readonly previous: string | undefined;
}

/**
 * Stores in a file how far a stream was read. The file is replaced atomically: after a crash it is the old one or the new
 * one. It belongs to one stream at a time: another one would move it on over what this one has not delivered yet.
 */
export class CheckpointFile implements Checkpointer {
  readonly path: string;
  #position: Position | undefined;
  /** The content as this stream has read or written it last; undefined: there was no file. */
  #text: string | undefined;

  private constructor(path: string, text: string | undefined) {
    this.path = path;
    this.#text = text;
    this.#position = text === undefined ? undefined : parse(text, path);
  }

  /**
   * Opens a checkpoint; if the file does not exist, the stream starts at the beginning.
   * @throws TraceCalError `CHECKPOINT_INVALID`, `FILE_UNREADABLE`
   */
  static async open(path: string): Promise<CheckpointFile> {
    return new CheckpointFile(path, await read(path));
  }

  getBlockNumber(): bigint | undefined {
    return this.#position?.block;
  }

  getTransactionId(): string | undefined {
    return this.#position?.transaction;
  }

  /** SHA-256 of the header of the block before the one where the stream continues, hex, if it is known. */
  getPreviousHash(): string | undefined {
    return this.#position?.previous;
  }

  /**
   * The whole block was processed: continue with the next.
   *
   * @param hash - SHA-256 of its header, hex: with it, the next block of another chain is refused.
   * @throws TraceCalError `CHECKPOINT_IN_USE`, `FILE_UNWRITABLE`
   */
  checkpointBlock(blockNumber: bigint, hash?: string): Promise<void> {
    return this.#save({ block: blockNumber + 1n, transaction: undefined, previous: hash });
  }

  checkpointTransaction(blockNumber: bigint, transactionId: string): Promise<void> {
    return this.#save({ block: blockNumber, transaction: transactionId, previous: undefined });
  }

  checkpointChaincodeEvent(event: ChaincodeEvent): Promise<void> {
    return this.checkpointTransaction(event.blockNumber, event.transactionId);
  }

  async #save(position: Position): Promise<void> {
    const { block, transaction, previous } = position;
    const content = {
      block: String(block),
      transaction: transaction ?? null,
      ...(previous !== undefined && { previous }),
    };
    const text = `${JSON.stringify(content)}\n`;
    const held = await read(this.path);
    // A file that was removed is made anew: nothing was skipped.
    if (held !== undefined && held !== this.#text) {
      throw clientError('CHECKPOINT_IN_USE', this.path);
    }
    await atomicWrite(this.path, text, { isDurable: false });
    this.#text = text;
    this.#position = position;
  }
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (isMissing(cause)) {
      return undefined;
    }
    throw new TraceCalError('FILE_UNREADABLE', whyUnreadable(path, cause), { cause, detail: path });
  }
}

function parse(text: string, path: string): Position {
  try {
    const { block, transaction, previous } = schema.parse(JSON.parse(text));
    return { block: BigInt(block), transaction: transaction ?? undefined, previous };
  } catch (cause) {
    throw clientError('CHECKPOINT_INVALID', path, { cause });
  }
}

/** @throws TraceCalError `CHECKPOINT_INVALID`: continuing anywhere would skip events */
export function ofAnotherChain({ path }: CheckpointFile, why: string): TraceCalError {
  const sentence = `The checkpoint ${printable(path)} does not belong to this channel: ${why}. If the channel was founded anew, remove the file to start over.`;
  return new TraceCalError('CHECKPOINT_INVALID', sentence, { detail: path });
}
