import { ClassicLevel } from 'classic-level';
import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { whyNotOpened } from '../../system/whyNotOpened.js';
import { PRIVATE, atomicWrite } from '../../system/atomicWrite.js';
import { removeAll } from '../../system/removeAll.js';
import { holderFile, lockFolder, removedLockFolder, socketFile } from './files.js';

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
  readonly #dataDir: string;
  #released: Promise<void> | undefined;

  private constructor(level: ClassicLevel, dataDir: string) {
    this.#level = level;
    this.#dataDir = dataDir;
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
    const lock = new DirectoryLock(level, dataDir);
    try {
      const holder: LockHolder = { pid: process.pid, directory: realpathSync(dataDir) };
      atomicWrite(holderFile(dataDir), `${JSON.stringify(holder)}\n`, PRIVATE);
      return lock;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Safe to call twice. */
  release(): Promise<void> {
    this.#released ??= this.#close(() => {
      this.#removeHolder();
    });
    return this.#released;
  }

  /** Releases it, and leaves nothing of it behind in the directory. */
  remove(): Promise<void> {
    this.#released ??= this.#close(() => {
      this.#removeHolder();
      this.#removeFolder();
    });
    return this.#released;
  }

  /** What another process writes is its own: all of ours goes while the lock is held. */
  async #close(tidy: () => void): Promise<void> {
    try {
      tidy();
    } finally {
      await this.#level.close();
    }
  }

  #removeHolder(): void {
    rmSync(holderFile(this.#dataDir), { force: true });
  }

  #removeFolder(): void {
    // Windows keeps a folder with open files. It holds nothing.
    if (process.platform === 'win32') return;
    const removed = removedLockFolder(this.#dataDir);
    rmSync(removed, { recursive: true, force: true });
    // In one step: whoever takes the lock from now on makes a folder of its own, of which nothing is deleted here.
    renameSync(lockFolder(this.#dataDir), removed);
    rmSync(removed, { recursive: true, force: true });
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
  const lock = await DirectoryLock.take(dataDir);
  try {
    await work();
    await removeAll([socketFile(dataDir)]);
    await lock.remove();
  } finally {
    await lock.release();
  }
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
    `${dataDir} is in use by a network that runs, or by a command that ends or deletes one${who}: stop the network or wait for the command, or use another data directory.`,
    { cause },
  );
}
