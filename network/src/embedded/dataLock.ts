import { ClassicLevel } from 'classic-level';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another process works on the data directory. */
export class DataDirectoryInUse extends Error {
  readonly code = 'DATA_DIRECTORY_IN_USE';
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
 * @throws DataDirectoryInUse
 */
export async function lockDataDirectory(dataDir: string): Promise<() => Promise<void>> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const pidFile = join(dataDir, 'network.pid');
  const lock = new ClassicLevel(join(dataDir, 'lock'));
  try {
    await lock.open();
  } catch (error) {
    throw new DataDirectoryInUse(
      `${dataDir} is in use by a network that is already running${holder(pidFile)}: stop that one first or use another data directory.`,
      { cause: error },
    );
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return () => lock.close();
}
