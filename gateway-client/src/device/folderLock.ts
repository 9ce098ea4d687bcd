import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { clientError, TraceCalError } from '../client/errors.js';
import { isMissing, whyUnwritable } from '../files/index.js';

/** One process at a time works in a folder. The lock of a process that has ended does not count. */
export class FolderLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws TraceCalError `MEASUREMENTS_IN_USE`, `FILE_UNWRITABLE` */
  static take(folder: string): Promise<FolderLock> {
    return FolderLock.#takeAt(join(folder, 'lock'), folder);
  }

  /** The same for a file: the lock stands beside it. @throws TraceCalError `MEASUREMENTS_IN_USE`, `FILE_UNWRITABLE` */
  static beside(file: string): Promise<FolderLock> {
    return FolderLock.#takeAt(`${file}.lock`, file);
  }

  static async #takeAt(path: string, name: string): Promise<FolderLock> {
    if (!(await isWritten(path))) {
      const holder = await holderOf(path);
      if (holder !== undefined && (await isRunning(holder))) {
        throw clientError('MEASUREMENTS_IN_USE', `Process ${holder.pid} writes in ${name}.`);
      }
      await removeStale(path);
      if (!(await isWritten(path))) {
        throw clientError('MEASUREMENTS_IN_USE', name);
      }
    }
    return new FolderLock(path);
  }

  async release(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}

const TRIES = 200;
const BETWEEN_MS = 25;

/**
 * Does something with a file that several processes read, change and write, one after the other. The lock lies beside it.
 *
 * @throws TraceCalError `FILE_UNWRITABLE` if another process holds it too long
 */
export async function withLockOn<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = await takenBeside(path);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function takenBeside(file: string): Promise<FolderLock> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await FolderLock.beside(file);
    } catch (error) {
      if (!(error instanceof TraceCalError && error.code === 'MEASUREMENTS_IN_USE')) {
        throw error;
      }
      if (attempt === TRIES) {
        const why = `${file} is written by another process, which does not end: end it, and try again.`;
        throw new TraceCalError('FILE_UNWRITABLE', why, { cause: error, detail: file });
      }
    }
    await pause(BETWEEN_MS);
  }
}

/** The lock appears with its content: one that is still empty would be taken for that of a process that has ended. */
async function isWritten(path: string): Promise<boolean> {
  const own = beside(path);
  try {
    await writeFile(own, `${process.pid} ${await startOf(process.pid)}`, { flag: 'wx', mode: 0o600 });
    await link(own, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw new TraceCalError('FILE_UNWRITABLE', whyUnwritable(path, cause), { cause, detail: path });
  } finally {
    await rm(own, { force: true });
  }
}

/** Several may find the lock of a process that has ended. If one of them has locked since, it gets its lock back. */
async function removeStale(path: string): Promise<void> {
  const aside = beside(path);
  try {
    await rename(path, aside);
    const holder = await holderOf(aside);
    if (holder !== undefined && (await isRunning(holder))) {
      await link(aside, path);
    }
  } catch (cause) {
    if (!isMissing(cause) && (cause as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw cause;
    }
  } finally {
    await rm(aside, { force: true });
  }
}

function beside(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}`;
}

interface Holder {
  readonly pid: number;
  readonly start: string;
}

async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    const [, pid = '', start = ''] = /^(\d{1,10}) (\S*)$/.exec(await readFile(path, 'utf8')) ?? [];
    return pid === '' ? undefined : { pid: Number(pid), start };
  } catch (cause) {
    if (isMissing(cause)) {
      return undefined;
    }
    throw cause;
  }
}

/** After a power failure, another process soon has the same number. */
async function isRunning({ pid, start }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    // Somebody else's process is one, too.
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') {
      return false;
    }
  }
  return (await startOf(pid)) === start;
}

const START_FIELD = 22;

/** When a process was started, in the system's words; the same for all where the system does not say. */
async function startOf(pid: number): Promise<string> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${boot.trim()}/${fields[START_FIELD - 3] ?? ''}`;
  } catch {
    return '-';
  }
}
