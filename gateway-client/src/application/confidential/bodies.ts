import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bodyText, MOST_BODY_BYTES, readBody } from '../../client/index.js';
import type { EncryptedBody } from '../../client/index.js';
import { atomicWrite, makeFolder } from '../../client/atomicWrite.js';
import { isMissing, readBounded, whyUnreadable } from '../../files/index.js';
import { ApplicationError } from '../errors.js';

const ENDING = '.jwe.json';

/**
 * A folder of encrypted bodies: one file with all confidential results of a report, named by the report's digest, and one for each reader
 * who was told only some. Whoever copies the files has another such folder; nobody but their readers can open them.
 */
export class Bodies {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * @param digest - Of the signed report.
   * @param reader - The name of the key that it is encrypted to alone; absent: the body with all results.
   * @returns Undefined if there is none.
   * @throws ApplicationError `FILE_UNREADABLE`, TraceCalError `INPUT_INVALID`, `JSON_INVALID`
   */
  async get(digest: string, reader?: string): Promise<EncryptedBody | undefined> {
    const path = join(this.folder, Bodies.fileOf(digest, reader));
    try {
      return readBody((await readBounded(path, MOST_BODY_BYTES)).toString('utf8'));
    } catch (cause) {
      if (isMissing(cause)) {
        return undefined;
      }
      throw (cause as NodeJS.ErrnoException).syscall === undefined
        ? cause
        : new ApplicationError('FILE_UNREADABLE', whyUnreadable(path, cause), { cause });
    }
  }

  /** @throws TraceCalError `FILE_UNWRITABLE` */
  async put(digest: string, body: EncryptedBody, reader?: string): Promise<string> {
    await makeFolder(this.folder, 0o700);
    const path = join(this.folder, Bodies.fileOf(digest, reader));
    await atomicWrite(path, bodyText(body), { mode: 0o600 });
    return path;
  }

  /** All that is here of a report. @returns How many files it deleted. */
  async remove(digest: string): Promise<number> {
    const names = (await readdir(this.folder).catch(() => [])).filter(
      (name) => name.startsWith(`${digest}.`) && name.endsWith(ENDING),
    );
    for (const name of names) {
      await rm(join(this.folder, name), { force: true });
    }
    return names.length;
  }

  static fileOf(digest: string, reader?: string): string {
    return `${digest}${reader === undefined ? '' : `.${reader}`}${ENDING}`;
  }
}
