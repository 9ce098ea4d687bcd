import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isLogPart } from '../system/logRotation.js';
import { hasCode } from './errors.js';

/** Of the process that holds a directory, or only of this machine. A copy must never lead to the original's processes. */
const NEVER = new Set([
  'lock',
  'lock.removed',
  'network.json',
  'control.sock',
  'run',
  'logs',
  'network.log',
  'restored.json',
]);
/** What an atomic write has not completed. */
const UNFINISHED = /\.[0-9a-f]{12}\.tmp$/;
/** Larger files are ledgers. */
const MOST_KEY_BYTES = 1024 * 1024;
const PRIVATE_KEY = 'PRIVATE KEY';

/** A file or a folder of a data directory, by its path in it, with slashes. */
export interface DataEntry {
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * The files of a data directory that belong into a copy, folders before what is in them. Links and sockets do not.
 *
 * @param except Paths in the directory that are passed over, with all that is in them.
 */
export async function* dataFiles(root: string, except: ReadonlySet<string> = new Set()): AsyncGenerator<DataEntry> {
  yield* below(root, '', except);
}

async function* below(root: string, folder: string, except: ReadonlySet<string>): AsyncGenerator<DataEntry> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  for (const entry of entries.sort(({ name: a }, { name: b }) => (a < b ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (except.has(path) || (folder === '' && (NEVER.has(path) || isLogPart(path))) || UNFINISHED.test(entry.name))
      continue;
    if (entry.isDirectory()) {
      yield { path, isFolder: true };
      yield* below(root, path, except);
    } else if (entry.isFile()) yield { path, isFolder: false };
  }
}

/** Copies the files of a data directory into a folder, for their owner alone. What is deleted meanwhile is passed over. */
export async function copyData(root: string, target: string, except?: ReadonlySet<string>): Promise<void> {
  await copyAll(root, target, dataFiles(root, except));
}

/** Copies one folder of a data directory. */
export async function copyFolder(root: string, path: string, target: string): Promise<void> {
  await mkdir(join(target, path), { recursive: true, mode: 0o700 });
  await copyAll(root, target, below(root, path, new Set()));
}

async function copyAll(root: string, target: string, entries: AsyncIterable<DataEntry>): Promise<void> {
  for await (const { path, isFolder } of entries) {
    const to = join(target, path);
    if (isFolder) await mkdir(to, { recursive: true, mode: 0o700 });
    else await copyFile(join(root, path), to, constants.COPYFILE_FICLONE).catch(ignoreMissing);
  }
}

/** Whether a file contains a private key, also inside a chaincode's package, which is not compressed. */
export async function hasPrivateKey(file: string): Promise<boolean> {
  const { size } = await stat(file);
  return size <= MOST_KEY_BYTES && (await readFile(file)).includes(PRIVATE_KEY);
}

function ignoreMissing(error: unknown): void {
  if (!hasCode(error, 'ENOENT')) throw error;
}
