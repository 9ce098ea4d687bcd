import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_MEASUREMENTS } from '@tracecal/core/contracts';
import { canonicalJson } from '@tracecal/core/model';
import { z } from 'zod';
import { atomicWrite, makeFolder } from '../../client/atomicWrite.js';
import { isMissing } from '../../files/index.js';
import { readJsonFile } from '../files/inputFile.js';

/** A batch of a log's measurements: those with these numbers, one after another. */
export interface AnchoredBatch {
  readonly channel: string;
  readonly device: string;
  readonly root: string;
  readonly size: number;
  /** The first and last number. */
  readonly first: number;
  readonly last: number;
  /** Transactions that were to write its root, the newest last. Each is noted before it is sent. */
  readonly txIds: readonly string[];
  /** The block that holds its root; null as long as that is not known. */
  readonly block: number | null;
}

const TYPE = 'tracecal-measurements-batch/1';
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const number = z.int().min(0);

const schema = z.strictObject({
  type: z.literal(TYPE),
  channel: z.string(),
  device: z.string(),
  root: sha256,
  size: z.int().min(1).max(MAX_MEASUREMENTS),
  first: number,
  last: number,
  txIds: z.array(sha256),
  block: z.nullable(number),
});

/** Where the batches of a log are remembered: without them nobody finds the path from a value to its root again. */
export function anchorsFolder(log: string): string {
  return join(log, 'anchors');
}

/** The batches of a log, the oldest first. @throws ApplicationError `FILE_UNREADABLE`; RegistryError `JSON_INVALID`, `INPUT_INVALID` */
export async function batchesOfLog(log: string): Promise<readonly AnchoredBatch[]> {
  const folder = anchorsFolder(log);
  const batches: AnchoredBatch[] = [];
  for (const name of (await namesIn(folder)).filter((each) => /^batch-\d{16}\.json$/.test(each)).sort()) {
    const path = join(folder, name);
    const { channel, device, root, size, first, last, txIds, block } = await readJsonFile(
      path,
      schema,
      `batch in ${path}`,
    );
    batches.push({ channel, device, root, size, first, last, txIds, block });
  }
  return batches;
}

/** @throws TraceCalError `FILE_UNWRITABLE` */
export async function writeBatch(log: string, batch: AnchoredBatch): Promise<void> {
  await makeFolder(anchorsFolder(log), 0o700);
  const path = join(anchorsFolder(log), `batch-${String(batch.first).padStart(16, '0')}.json`);
  await atomicWrite(path, `${canonicalJson({ type: TYPE, ...batch })}\n`, { mode: 0o600 });
}

/** The batch of a number among those of a log, in their order. */
export function batchWith(batches: readonly AnchoredBatch[], sequence: number): AnchoredBatch | undefined {
  let [low, high] = [0, batches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((batches[middle]?.last ?? Infinity) < sequence) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const found = batches[low];
  return found && found.first <= sequence ? found : undefined;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (isMissing(cause)) {
      return [];
    }
    throw cause;
  }
}
