import { parseAs, SUBMISSION_LIMITS, submissionSchema } from '@tracecal/core/model';
import { readStatement } from '../../client/index.js';
import type { Item } from '../../client/index.js';
import { readBytes } from '../files/inputFile.js';
import { writeNewFile } from '../files/newFile.js';
import { writePrivate } from '../files/writePrivate.js';

/**
 * Statements that members pass on, as the registry takes them: `{"items":[{"statement":...}]}`.
 *
 * @throws ApplicationError `FILE_UNREADABLE`; RegistryError `JSON_INVALID` or `INPUT_INVALID`; TraceCalError if what was signed cannot be
 * read, of a type or version that is unknown `VERSION_UNKNOWN`
 */
export async function readItems(path: string): Promise<readonly Item[]> {
  const text = (await readBytes(path)).toString('utf8').trim();
  const items = parseAs(submissionSchema, 'file of statements', text, SUBMISSION_LIMITS).items as readonly Item[];
  for (const { statement, acceptance, memberships = [] } of items) {
    [statement, ...(acceptance ? [acceptance] : []), ...memberships].forEach(readStatement);
  }
  return items;
}

/** Writes a new file. @throws ApplicationError `FILE_UNWRITABLE` */
export function writeItems(path: string, items: readonly Item[]): Promise<void> {
  return writeNewFile(path, textOf(items));
}

/** Puts further signatures into a file. */
export async function rewriteItems(path: string, items: readonly Item[]): Promise<void> {
  await writePrivate(path, textOf(items));
}

export function textOf(items: readonly Item[]): string {
  return `${JSON.stringify({ items }, null, 2)}\n`;
}
