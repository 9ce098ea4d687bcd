import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_DIRECTIVE_CHARACTERS, readDirectives } from '@tracecal/core/directives';
import type { Directives, NamedText, OperatorPin } from '@tracecal/core/directives';
import { TraceCalError } from '../../client/errors.js';
import { readBounded, whyUnreadable } from '../../files/index.js';

/** Files of a folder with directives. */
export const MOST_DIRECTIVE_FILES = 10_000;

/**
 * Reads the directives in a folder, one a file. A file that is none is told in `broken`, and closes everything; only those that a program
 * is just writing (`*.tmp`) and hidden ones are passed over.
 *
 * @throws TraceCalError `FILE_UNREADABLE` if the folder is not there: without it nobody knows what the operator has directed
 */
export async function directivesIn(folder: string, pin: OperatorPin): Promise<Directives> {
  const names = (await namesIn(folder)).filter((name) => !name.startsWith('.') && !name.endsWith('.tmp')).sort();
  if (names.length > MOST_DIRECTIVE_FILES) {
    return { read: [], broken: [`${folder} has more than ${MOST_DIRECTIVE_FILES} files`] };
  }
  const [texts, unreadable]: [NamedText[], string[]] = [[], []];
  for (const name of names) {
    const path = join(folder, name);
    try {
      texts.push({ name, text: (await readBounded(path, 4 * MAX_DIRECTIVE_CHARACTERS)).toString('utf8') });
    } catch (cause) {
      unreadable.push(whyUnreadable(path, cause));
    }
  }
  const { read, broken } = readDirectives(texts, pin);
  return { read, broken: [...unreadable, ...broken] };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new TraceCalError('FILE_UNREADABLE', whyUnreadable(folder, cause), { cause, detail: folder });
  }
}
