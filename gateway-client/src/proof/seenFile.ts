import { canonicalJson, instant, parseJson, SHA256_HEX, shapeOf } from '@tracecal/core/model';
import * as z from '@tracecal/core/shape';
import { atomicWrite } from '../client/atomicWrite.js';
import { exactText } from '../client/exactText.js';
import { isMissing } from '../files/index.js';
import type { HeadSeen } from './verify/log/shapes.js';

const MOST_BYTES = 1_048_576;
const shape = z.strictObject({
  type: z.literal('tracecal-seen/1'),
  registry: z.string(),
  epoch: z.int().check(z.minimum(-1)),
  digest: z.string().check(z.regex(SHA256_HEX)),
  time: instant,
});

/** Where something is remembered of what a folder holds. */
export function seenBeside(folder: string): string {
  return `${folder.replace(/\/+$/, '')}.seen.json`;
}

/**
 * The newest head of a change log that was seen here; null before the first.
 *
 * @throws TraceCalError `FILE_UNREADABLE`; RegistryError `JSON_INVALID` or `INPUT_INVALID`: a memory that was damaged is not taken for none
 */
export async function readSeen(path: string): Promise<HeadSeen | null> {
  const text = await textOf(path);
  if (text === null) {
    return null;
  }
  const { registry, epoch, digest, time } = shapeOf(shape, `memory in ${path}`, parseJson(text));
  return { registry, epoch, digest, time };
}

/** Only a file that is not there is no memory: one that may not be read is. */
async function textOf(path: string): Promise<string | null> {
  try {
    return await exactText(path, MOST_BYTES);
  } catch (error) {
    if (error instanceof Error && isMissing(error.cause)) {
      return null;
    }
    throw error;
  }
}

/** @throws TraceCalError `FILE_UNWRITABLE` */
export async function writeSeen(path: string, { registry, epoch, digest, time }: HeadSeen): Promise<void> {
  await atomicWrite(path, `${canonicalJson({ type: 'tracecal-seen/1', registry, epoch, digest, time })}\n`);
}
