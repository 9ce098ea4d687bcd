import { z } from 'zod';
import { hexText } from '@tracecal/core/platform';
import { CHECKPOINT_KEY } from './keys.js';
import type { Reads, Write } from './store.js';

const hash = z.hex().transform((text) => Buffer.from(text, 'hex'));
const checkpointSchema = z.object({
  height: z.int().positive(),
  tipHash: hash,
  commitHash: hash,
  configBlock: z.int().nonnegative(),
});

/** The end of the chain, written in the same batch as its last block. */
export interface Checkpoint {
  /** Number of blocks. */
  readonly height: number;
  /** Header hash of the last block. */
  readonly tipHash: Uint8Array;
  /** Empty after the genesis block. */
  readonly commitHash: Uint8Array;
  /** Number of the block that holds the current channel configuration. */
  readonly configBlock: number;
}

export function checkpointWrite(checkpoint: Checkpoint): Write {
  const text = JSON.stringify({
    ...checkpoint,
    tipHash: hexText(checkpoint.tipHash),
    commitHash: hexText(checkpoint.commitHash),
  });
  return { key: CHECKPOINT_KEY, value: Buffer.from(text) };
}

/**
 * Undefined when the store is new.
 * @throws when the stored value is not a checkpoint.
 */
export function readCheckpoint(reads: Reads): Checkpoint | undefined {
  const bytes = reads.get(CHECKPOINT_KEY);
  return bytes && checkpointSchema.parse(JSON.parse(bytes.toString()));
}
