import { existsSync } from 'node:fs';
import { canonicalJson } from '@tracecal/core/model';
import { z } from 'zod';
import { atomicWrite } from '../../client/atomicWrite.js';
import type { HeadSeen } from '../../proof/verify/index.js';
import { readJsonFile } from '../files/inputFile.js';

const schema = z.strictObject({
  type: z.literal('tracecal-seen/1'),
  registry: z.string(),
  epoch: z.int().min(-1),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  time: z.iso.datetime(),
});

/**
 * The newest head of a change log that was seen here; null before the first.
 *
 * @throws ApplicationError `FILE_UNREADABLE`; RegistryError `JSON_INVALID` or `INPUT_INVALID`: a memory that was damaged is not taken for none
 */
export async function readSeen(path: string): Promise<HeadSeen | null> {
  if (!existsSync(path)) {
    return null;
  }
  const { registry, epoch, digest, time } = await readJsonFile(path, schema, `memory in ${path}`);
  return { registry, epoch, digest, time };
}

/** @throws TraceCalError `FILE_UNWRITABLE` */
export async function writeSeen(path: string, { registry, epoch, digest, time }: HeadSeen): Promise<void> {
  await atomicWrite(path, `${canonicalJson({ type: 'tracecal-seen/1', registry, epoch, digest, time })}\n`);
}
