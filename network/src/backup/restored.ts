import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

/** A file of a restored directory: that it is a copy, and of what. Its user deletes it when the original is gone for good. */
export const RESTORED = 'restored.json';

const restoredSchema = z.object({
  restored: z.string(),
  made: z.string(),
  host: z.string(),
  directory: z.string(),
});
/** What a restored directory is a copy of. */
export type Restored = z.infer<typeof restoredSchema>;

/** What a directory was restored from; undefined if it was not, or if its user has confirmed that the original is gone. */
export function restoredFrom(dataDir: string): Restored | undefined {
  try {
    return restoredSchema.parse(JSON.parse(readFileSync(join(dataDir, RESTORED), 'utf8')));
  } catch {
    return undefined;
  }
}
