import type { DirectivesSeen } from '@tracecal/core/directives';
import { canonicalJson, ownValue, parseJson, SHA256_HEX, shapeOf } from '@tracecal/core/model';
import * as z from '@tracecal/core/shape';
import { atomicWrite } from '../../client/atomicWrite.js';
import { exactText } from '../../client/exactText.js';
import { isMissing, MOST_BYTES_OF } from '../../files/index.js';
import { seenBeside } from '../../proof/seenFile.js';
import { withLockOn } from '../folderLock.js';

const TYPE = 'tracecal-directives-seen/1';
/** The newest directive about each device. */
export const seenShape = z.record(
  z.string(),
  z.strictObject({ number: z.int().check(z.minimum(1)), digest: z.string().check(z.regex(SHA256_HEX)) }),
);
const shape = z.strictObject({ type: z.literal(TYPE), devices: seenShape });

/** The newest directives that were seen in a folder, beside it: none of them can be taken away later. @throws RegistryError, TraceCalError */
export async function readDirectivesSeen(folder: string): Promise<DirectivesSeen> {
  const path = seenBeside(folder);
  try {
    return shapeOf(shape, `memory in ${path}`, parseJson(await exactText(path, MOST_BYTES_OF.directiveNumbers)))
      .devices;
  } catch (error) {
    if (error instanceof Error && isMissing(error.cause)) {
      return {};
    }
    throw error;
  }
}

/**
 * Writes what was seen, if it is more than before. Others that write at the same time lose nothing of theirs.
 *
 * @throws TraceCalError `FILE_UNWRITABLE`; RegistryError for a memory that was damaged
 */
export async function writeDirectivesSeen(
  folder: string,
  before: DirectivesSeen,
  news: DirectivesSeen,
): Promise<DirectivesSeen> {
  if (canonicalJson({ ...before, ...news }) === canonicalJson(before)) {
    return before;
  }
  const path = seenBeside(folder);
  return withLockOn(path, async () => {
    const now = await readDirectivesSeen(folder);
    const newer = Object.entries(news).filter(([device, { number }]) => number >= (ownValue(now, device)?.number ?? 0));
    const devices = { ...now, ...Object.fromEntries(newer) };
    if (canonicalJson(devices) !== canonicalJson(now)) {
      await atomicWrite(path, `${canonicalJson({ type: TYPE, devices })}\n`);
    }
    return devices;
  });
}
