import type { DirectivesSeen } from '@tracecal/core/directives';
import { canonicalJson, parseJson, SHA256_HEX, shapeOf } from '@tracecal/core/model';
import * as z from 'zod/mini';
import { atomicWrite } from '../../client/atomicWrite.js';
import { exactText } from '../../client/exactText.js';
import { isMissing } from '../../files/index.js';

const MOST_BYTES = 16_777_216;
const TYPE = 'tracecal-directives-seen/1';
const shape = z.strictObject({
  type: z.literal(TYPE),
  devices: z.record(
    z.string(),
    z.strictObject({ number: z.int().check(z.minimum(1)), digest: z.string().check(z.regex(SHA256_HEX)) }),
  ),
});

/** The newest directives that were seen in a folder, beside it: none of them can be taken away later. @throws RegistryError, TraceCalError */
export async function readDirectivesSeen(folder: string): Promise<DirectivesSeen> {
  const path = memoryOf(folder);
  try {
    return shapeOf(shape, `memory in ${path}`, parseJson(await exactText(path, MOST_BYTES))).devices;
  } catch (error) {
    if (error instanceof Error && isMissing(error.cause)) {
      return {};
    }
    throw error;
  }
}

/** Writes what was seen, if it is more than before. @throws TraceCalError `FILE_UNWRITABLE` */
export async function writeDirectivesSeen(
  folder: string,
  before: DirectivesSeen,
  news: DirectivesSeen,
): Promise<DirectivesSeen> {
  const devices = { ...before, ...news };
  if (canonicalJson(devices) !== canonicalJson(before)) {
    await atomicWrite(memoryOf(folder), `${canonicalJson({ type: TYPE, devices })}\n`);
  }
  return devices;
}

function memoryOf(folder: string): string {
  return `${folder.replace(/\/+$/, '')}.seen.json`;
}
