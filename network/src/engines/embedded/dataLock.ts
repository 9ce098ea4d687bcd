import { ClassicLevel } from 'classic-level';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { whyNotOpened } from './whyNotOpened.js';

/** Another process works on the data directory. */
export class DataDirectoryInUse extends Error {
  readonly code = 'DATA_DIRECTORY_IN_USE';
}

/** The lock cannot be opened, though nobody holds it. */
export class BrokenLock extends Error {
  readonly code = 'BROKEN_LOCK';
}

function holder(file: string): string {
  try {
    return ` (process ${readFileSync(file, 'utf8').trim()})`;
  } catch {
    return '';
  }
}

/**
 * Makes sure that one process at a time works on a data directory. The lock is the operating system's, through an empty
 * LevelDB: it goes with the process however that ends, so none is ever left behind. Returns the way to give it back.
 * @throws DataDirectoryInUse, BrokenLock
 */
export async function lockDataDirectory(dataDir: string): Promise<() => Promise<void>> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const pidFile = join(dataDir, 'network.pid');
  const directory = join(dataDir, 'lock');
  const lock = new ClassicLevel(directory);
  try {
    await lock.open();
  } catch (error) {
    const { locked, cause } = whyNotOpened(error);
    const why = locked
      ? `${dataDir} is in use by a network that is already running${holder(pidFile)}: stop that one first or use another data directory.`
      : `${directory} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}. Set that right or delete it, it holds nothing.`;
    throw new (locked ? DataDirectoryInUse : BrokenLock)(why, { cause });
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return () => lock.close();
}
