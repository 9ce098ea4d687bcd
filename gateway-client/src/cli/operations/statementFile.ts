import { open } from 'node:fs/promises';
import { parseAs, submissionSchema } from '@tracecal/chaincode/model';
import type { Item } from '../../client/index.js';
import { writePrivate } from '../data/writePrivate.js';
import { CliError } from '../errors.js';
import { readBytes } from '../inputFile.js';

const LIMITS = { maxLength: 8_388_608, maxDepth: 12 };

/**
 * Statements that members pass on, as the registry takes them: `{"items":[{"statement":...}]}`.
 *
 * @throws CliError `FILE_UNREADABLE`; RegistryError `JSON_INVALID` or `INPUT_INVALID`
 */
export async function readItems(path: string): Promise<readonly Item[]> {
  const text = (await readBytes(path)).toString('utf8').trim();
  return parseAs(submissionSchema, 'file of statements', text, LIMITS).items as readonly Item[];
}

/** Writes a new file: a file that is there may hold signatures of others. @throws CliError `FILE_UNWRITABLE` */
export async function writeItems(path: string, items: readonly Item[]): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(textOf(items));
    } finally {
      await file.close();
    }
  } catch (cause) {
    const why =
      (cause as NodeJS.ErrnoException).code === 'EEXIST' ? 'is there already: name a new file' : 'cannot be written';
    throw new CliError('FILE_UNWRITABLE', `${path} ${why}.`, { cause });
  }
}

/** Puts further signatures into a file. */
export async function rewriteItems(path: string, items: readonly Item[]): Promise<void> {
  await writePrivate(path, textOf(items));
}

function textOf(items: readonly Item[]): string {
  return `${JSON.stringify({ items }, null, 2)}\n`;
}
