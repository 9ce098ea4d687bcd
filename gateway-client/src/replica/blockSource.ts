import { Block, METADATA, WireError } from '@tracecal/ledger/wire';
import { clientError } from '../client/errors.js';
import type { TraceCal } from '../client/index.js';

/** Where blocks come from: the peer of a member. What it says is checked. */
export interface BlockSource {
  /** Whose peer it is, in messages. */
  readonly name: string;
  /** The channel's number of blocks there. */
  height(): Promise<number>;
  /** The serialised blocks from one to another, both included. */
  blocks(first: number, last: number): AsyncIterable<Uint8Array>;
}

/**
 * The peer behind a connection.
 *
 * @param name - The organisation whose peer it is, for messages.
 * @example
 * const peer = peerSource('lab-alpha', await connect('connection-lab-alpha.json'));
 */
export function peerSource(name: string, tracecal: Pick<TraceCal, 'height' | 'blocks'>): BlockSource {
  return {
    name,
    async height() {
      return Number(await tracecal.height());
    },
    async *blocks(first, last) {
      for await (const block of tracecal.blocks({ startBlock: BigInt(first), endBlock: BigInt(last) })) {
        yield block.serializeBinary();
      }
    },
  };
}

/** A block as a peer sent it. */
export interface Received {
  readonly peer: string;
  readonly bytes: Uint8Array;
  readonly block: Block;
}

/** @throws TraceCalError `BLOCK_FORGED` */
export function receivedFrom(peer: string, number: number, bytes: Uint8Array): Received {
  try {
    const block = Block.decode(bytes);
    if (block.header?.number !== number)
      throw new WireError(`it is block ${block.header?.number ?? 'without a number'}`);
    return { peer, bytes, block };
  } catch (cause) {
    throw clientError('BLOCK_FORGED', `What the peer of ${peer} sent as block ${number} cannot be read.`, { cause });
  }
}

/** A part of a block's metadata; empty if there is none. */
export function metadataOf({ metadata }: Block, part: keyof typeof METADATA): Uint8Array {
  return metadata?.metadata[METADATA[part]] ?? new Uint8Array();
}
