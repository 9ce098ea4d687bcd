import { existsSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { whyUnwritable } from '../../files/index.js';
import { ApplicationError } from '../errors.js';

/**
 * Checks the path before any work whose result could not be written.
 * @throws ApplicationError `FILE_UNWRITABLE`
 */
export function requireNewFile(path: string, what: 'file' | 'folder' = 'file'): void {
  if (existsSync(path)) {
    throw new ApplicationError('FILE_UNWRITABLE', `${path} exists already: name a new ${what}.`);
  }
}

/** Makes a new folder that only its owner can enter. @throws ApplicationError `FILE_UNWRITABLE` */
export async function makeNewFolder(path: string): Promise<void> {
  requireNewFile(path, 'folder');
  await mkdir(path, { mode: 0o700 }).catch((cause: unknown) => {
    throw new ApplicationError('FILE_UNWRITABLE', whyUnwritable(path, cause), { cause });
  });
}

/**
 * Writes a new file. An existing file is kept: it may hold signatures of others.
 * @throws ApplicationError `FILE_UNWRITABLE`
 */
export async function writeNewFile(path: string, content: string | Uint8Array): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(content);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    const why = isThere ? `${path} exists already: name a new file.` : whyUnwritable(path, cause);
    throw new ApplicationError('FILE_UNWRITABLE', why, { cause });
  }
}
