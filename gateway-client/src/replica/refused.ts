import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TraceCalError } from '../client/index.js';
import type { Received } from './blockSource.js';
import { hashOf } from './chain.js';

/** More would only fill the disk: the first ones are the evidence. */
const MOST_KEPT = 100;

/** A block that is judged, and what it is held against. */
export interface Judged {
  readonly received: Received;
  /** The block of the same number, or the one before it, as this replica or another peer has it. */
  readonly held: Uint8Array | undefined;
  readonly height: number;
}

/** Runs a check of a block. If it fails, both blocks are kept in a folder, and the error names it. */
export async function refusing<T>(folder: string, block: Judged, check: () => T | Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof TraceCalError)) throw error;
    const kept = await keep(folder, block, error);
    if (kept === undefined) throw error;
    throw new TraceCalError(error.code, `${error.message} Both blocks are kept in ${kept}.`, {
      cause: error.cause,
      detail: error.detail,
    });
  }
}

async function keep(
  folder: string,
  { received, held, height }: Judged,
  { code, message }: TraceCalError,
): Promise<string | undefined> {
  const { peer, bytes, block } = received;
  const number = block.header?.number ?? 0;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const digest = createHash('sha256').update(code).update(bytes).digest('hex').slice(0, 16);
  const place = join(folder, `block-${number}-${digest}`);
  if ((await readdir(folder)).length >= MOST_KEPT) return undefined;
  await mkdir(place, { recursive: true });
  const why = { code, message, peer, block: number, hash: hashOf(block), height };
  await writeFile(join(place, 'received.block'), bytes);
  if (held !== undefined) await writeFile(join(place, 'held.block'), held);
  await writeFile(join(place, 'why.json'), `${JSON.stringify(why, undefined, 2)}\n`);
  return place;
}
