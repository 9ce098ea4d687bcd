import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readDirectives } from '@tracecal/core/directives';
import type { Directives, NamedText, OperatorPin } from '@tracecal/core/directives';
import type { Instant } from '@tracecal/core/model';
import { TraceCalError } from '../../client/errors.js';
import { MOST_BYTES_OF, readBounded, whyUnreadable } from '../../files/index.js';
import { EXPORT_FILE, exportIn } from './exported.js';

/** Files of a folder with directives. */
export const MOST_DIRECTIVE_FILES = 10_000;

/** The directives in a folder, and when they were exported into it. */
export interface DirectivesInFolder extends Directives {
  /** It is null if the folder does not tell; `broken` says why. */
  readonly exported: Instant | null;
}

/**
 * Reads the directives in a folder, one a file, into which they were exported. A file that is none is told in `broken`, and closes
 * everything, and so does a folder into which nobody has exported anything: only those that a program is just writing (`*.tmp`) and hidden
 * ones are passed over.
 *
 * @throws TraceCalError `FILE_UNREADABLE` if the folder is not there: without it nobody knows what the operator has directed
 */
export async function directivesIn(folder: string, pin: OperatorPin): Promise<DirectivesInFolder> {
  const names = (await namesIn(folder)).filter(isOfDirective).sort();
  if (names.length > MOST_DIRECTIVE_FILES) {
    return {
      read: [],
      broken: [
        `${folder} has more than ${MOST_DIRECTIVE_FILES} files: delete what came before the last release of its devices`,
      ],
      exported: null,
    };
  }
  const found = await exportIn(folder, pin);
  const [texts, unreadable]: [NamedText[], string[]] = [[], []];
  for (const name of names) {
    const path = join(folder, name);
    try {
      texts.push({ name, text: (await readBounded(path, MOST_BYTES_OF.directive)).toString('utf8') });
    } catch (cause) {
      unreadable.push(whyUnreadable(path, cause));
    }
  }
  const { read, broken } = readDirectives(texts, pin);
  const all = [...unreadable, ...broken];
  return typeof found === 'string'
    ? { read, broken: [...all, found], exported: null }
    : { read, broken: all, listed: found.devices, exported: found.time };
}

function isOfDirective(name: string): boolean {
  return !name.startsWith('.') && !name.endsWith('.tmp') && name !== EXPORT_FILE;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new TraceCalError('FILE_UNREADABLE', whyUnreadable(folder, cause), { cause, detail: folder });
  }
}
