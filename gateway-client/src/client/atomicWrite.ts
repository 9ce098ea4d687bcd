import { randomBytes } from 'node:crypto';
import { mkdir, open, readlink, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isMissing, whyUnwritable } from '../files/index.js';
import { TraceCalError } from './errors.js';

interface WriteOptions {
  /**
   * Set at creation, so that a file for its owner only is never readable by others, not even briefly. By default that of the file that is
   * replaced.
   */
  readonly mode?: number;
  /** False for files that are written often and may be lost in a power failure. */
  readonly isDurable?: boolean;
}

const PUBLIC = 0o644;
/** More than this follow one another only in a circle. */
const MOST_LINKS = 40;

/**
 * Writes a file completely or not at all: a reader sees the old file or the new one, if durable also after a power failure. Where the path is
 * a symbolic link, the file that it leads to is written.
 *
 * @throws TraceCalError `FILE_UNWRITABLE` with the file and the cause
 */
export function atomicWrite(path: string, content: string | Uint8Array, options: WriteOptions = {}): Promise<void> {
  return writing(path, async () => {
    const file = await behindLinks(path);
    await replace(file, content, { mode: await modeOf(file), ...options });
  });
}

/** Makes a folder and those above it. @throws TraceCalError `FILE_UNWRITABLE` */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  await writing(path, () => mkdir(path, { recursive: true, ...(mode !== undefined && { mode }) }));
}

async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new TraceCalError('FILE_UNWRITABLE', whyUnwritable(path, cause), { cause, detail: path });
  }
}

async function replace(
  path: string,
  content: string | Uint8Array,
  { mode, isDurable = true }: WriteOptions & { readonly mode: number },
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await (isDurable ? file.sync() : undefined);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  await (isDurable ? syncFolder(dirname(path)) : undefined);
}

/** The file that a path leads to, whether or not there is one: renaming would replace the link. */
async function behindLinks(path: string): Promise<string> {
  let at = path;
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const target = await readlink(at).catch(noLink);
    if (target === undefined) {
      return at;
    }
    at = resolve(dirname(at), target);
  }
  return path;
}

function noLink(cause: unknown): undefined {
  const isNone = isMissing(cause) || (cause as NodeJS.ErrnoException).code === 'EINVAL';
  // Some systems know no links, and say that in other words.
  if (!isNone && (cause as NodeJS.ErrnoException).code !== 'UNKNOWN') {
    throw cause;
  }
}

async function modeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mode & 0o777;
  } catch (cause) {
    if (isMissing(cause)) {
      return PUBLIC;
    }
    throw cause;
  }
}

/** Without this, a power failure could undo a rename, or take a new file away. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') {
    // On that platform, folders cannot be opened.
    return;
  }
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
