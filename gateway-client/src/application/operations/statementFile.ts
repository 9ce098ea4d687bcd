import { parseAs, refusalText, RegistryError, SUBMISSION_LIMITS, submissionSchema } from '@tracecal/core/model';
import { readStatement } from '../../client/index.js';
import type { Item } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import { readBytes, requireJson } from '../files/inputFile.js';
import { writeNewFile } from '../files/newFile.js';
import { writePrivate } from '../files/writePrivate.js';

/**
 * Statements that members pass on, in the registry's format: `{"items":[{"statement":...}]}`.
 *
 * @throws ApplicationError `FILE_UNREADABLE`; RegistryError `JSON_INVALID` or `INPUT_INVALID`; TraceCalError `VERSION_UNKNOWN` for an
 * unknown type or version, or if a signed content cannot be read
 */
export async function readItems(path: string): Promise<readonly Item[]> {
  const text = (await readBytes(path)).toString('utf8').trim();
  const items = itemsIn(path, text);
  for (const { statement, acceptance, memberships = [] } of items) {
    [statement, ...(acceptance ? [acceptance] : []), ...memberships].forEach(readStatement);
  }
  return items;
}

function itemsIn(path: string, text: string): readonly Item[] {
  requireJson(path, text);
  try {
    return parseAs(submissionSchema, 'file of statements', text, SUBMISSION_LIMITS).items as readonly Item[];
  } catch (cause) {
    if (cause instanceof RegistryError && cause.code === 'INPUT_INVALID') {
      const form = '{"items":[{"statement":…}]}, as --sign-only writes it';
      throw new ApplicationError('INPUT_INVALID', `${path} has to be ${form}. ${refusalText(cause)}`, { cause });
    }
    throw cause;
  }
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
