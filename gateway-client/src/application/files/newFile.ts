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

/** The owner of a file alone, for it may hold what is nobody else's business. */
const OWNER_ALONE = 0o600;
/** Whoever the user's umask lets read new files. */
const BY_UMASK = 0o666;

/**
 * Writes a new file for its owner alone. An existing file is kept: it may hold signatures of others.
 * @throws ApplicationError `FILE_UNWRITABLE`
 */
export function writeNewFile(path: string, content: string | Uint8Array): Promise<void> {
  return writeNew(path, content, OWNER_ALONE);
}

/**
 * As {@link writeNewFile}, for what other members get and is no secret: in a folder that they share they can read it.
 * @throws ApplicationError `FILE_UNWRITABLE`
 */
export function writeExchangedFile(path: string, content: string): Promise<void> {
  return writeNew(path, content, BY_UMASK);
}

async function writeNew(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  try {
    const file = await open(path, 'wx', mode);
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
