import { ClassicLevel } from 'classic-level';
import { mkdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { whyNotOpened } from '../../system/whyNotOpened.js';
import { PRIVATE, atomicWrite } from '../../system/atomicWrite.js';
import { removeAll } from '../../system/removeAll.js';
import { controlFiles, holderFile, lockFolder } from './files.js';

/** Another process uses the data directory. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse';
  readonly code = 'DATA_DIRECTORY_IN_USE';
}

/** The lock cannot be opened, although no process holds it. */
export class BrokenLock extends Error {
  override readonly name = 'BrokenLock';
  readonly code = 'BROKEN_LOCK';
}

const holderSchema = z.object({ pid: z.int().positive(), directory: z.string() });

/** The process that took the lock last, and the directory that it locked: in a copy, the original. */
export type LockHolder = z.infer<typeof holderSchema>;

/**
 * The exclusive right of one process to use a data directory. The operating system keeps the lock, through an empty LevelDB: it ends with
 * the process in any case, so it is never left behind.
 */
export class DirectoryLock {
  readonly #level: ClassicLevel;
  readonly #file: string;
  #released: Promise<void> | undefined;

  private constructor(level: ClassicLevel, file: string) {
    this.#level = level;
    this.#file = file;
  }

  /** @throws DataDirectoryInUse, BrokenLock */
  static async take(dataDir: string): Promise<DirectoryLock> {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const folder = lockFolder(dataDir);
    const level = new ClassicLevel(folder);
    try {
      await level.open();
    } catch (error) {
      throw failure(dataDir, folder, error);
    }
    const lock = new DirectoryLock(level, holderFile(dataDir));
    try {
      const holder: LockHolder = { pid: process.pid, directory: realpathSync(dataDir) };
      atomicWrite(lock.#file, `${JSON.stringify(holder)}\n`, PRIVATE);
      return lock;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Safe to call twice. */
  release(): Promise<void> {
    this.#released ??= this.#release();
    return this.#released;
  }

  async #release(): Promise<void> {
    rmSync(this.#file, { force: true });
    await this.#level.close();
  }
}

/**
 * Runs some work under the lock of a data directory: no network can run there meanwhile.
 * @throws DataDirectoryInUse, BrokenLock
 */
export async function withLock<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const lock = await DirectoryLock.take(dataDir);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/**
 * Deletes the data of a directory on which no network runs, and then its lock.
 * @throws DataDirectoryInUse, BrokenLock
 */
export async function deleteUnderLock(dataDir: string, work: () => Promise<unknown>): Promise<void> {
  await withLock(dataDir, work);
  await removeAll(controlFiles(dataDir));
}

/** The last holder of the lock, which may have ended: the file outlives a killed process. */
export function lastHolder(dataDir: string): LockHolder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(readFileSync(holderFile(dataDir), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

function failure(dataDir: string, folder: string, error: unknown): Error {
  const { locked, cause } = whyNotOpened(error);
  if (!locked) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new BrokenLock(`${folder} cannot be opened: ${why}. Set that right or delete it, it holds nothing.`, {
      cause,
    });
  }
  const holder = lastHolder(dataDir);
  const who = holder === undefined ? '' : ` (process ${holder.pid})`;
  return new DataDirectoryInUse(
    `${dataDir} is in use by a network that is already running${who}: stop that one first or use another data directory.`,
    { cause },
  );
}
