import { join } from 'node:path';
import type { OperatorPin, SignedDirective } from '@tracecal/core/directives';
import type { Instant } from '@tracecal/core/model';
import { atomicWrite, makeFolder } from '../../client/atomicWrite.js';
import { exactText } from '../../client/exactText.js';
import { MOST_BYTES_OF } from '../../files/index.js';
import { directivesExportText, EXPORT_FILE } from './exported.js';
import { directiveText } from './signDirective.js';

/** What an operator has directed, and when that was asked for. */
export interface DirectivesToWrite {
  readonly pin: Pick<OperatorPin, 'registry' | 'operator'>;
  /** All of them. */
  readonly directives: readonly SignedDirective[];
  readonly time: Instant;
}

/**
 * Writes directives into a folder, one a file, for gates and filters that ask nobody. A file that is damaged is written anew; that they
 * were exported comes last.
 *
 * @returns How many files were written: the others were there.
 * @throws TraceCalError `FILE_UNWRITABLE`
 */
export async function writeDirectives(folder: string, { pin, directives, time }: DirectivesToWrite): Promise<number> {
  await makeFolder(folder);
  let written = 0;
  for (const each of directives) {
    const [path, text] = [join(folder, fileOf(each)), directiveText(each)];
    if ((await exactText(path, MOST_BYTES_OF.directive).catch(() => undefined)) !== text) {
      await atomicWrite(path, text);
      written += 1;
    }
  }
  await atomicWrite(join(folder, EXPORT_FILE), directivesExportText(pin, directives, time));
  return written;
}

/** Names sort by time, so that a person finds the newest at the end. */
function fileOf({ content, digest }: SignedDirective): string {
  return `${content.date.replaceAll(':', '')}-${digest.slice(0, 16)}.json`;
}
