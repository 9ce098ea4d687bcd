import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CalendarDate } from '@tracecal/core/model';
import { ApplicationError } from '@tracecal/gateway-client/application';
import { datedExamples } from './dated.js';

/** Writes the dated examples into a folder, which is made if it is not there. @returns Their paths. @throws ApplicationError `FILE_UNWRITABLE` */
export async function writeExamples(folder: string, today?: CalendarDate): Promise<readonly string[]> {
  const files = await datedExamples(today);
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, text] of files) {
      await writeFile(join(folder, name), text);
    }
  } catch (cause) {
    throw new ApplicationError('FILE_UNWRITABLE', `${folder} cannot be written: name another folder.`, { cause });
  }
  return [...files.keys()].map((name) => join(folder, name));
}
