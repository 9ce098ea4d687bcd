import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationError } from '../errors.js';
import { whyUnreadable } from '../../files/index.js';

/** The certificate files of a list of paths: files as given, and all files in folders and their subfolders. */
export async function certificateFiles(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map(async (path) => ((await isFolder(path)) ? filesBelow(path) : [path])));
  return [...new Set(found.flat())];
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Reading the file reports why it cannot be read.
    return false;
  }
}

/** Sorted by name, so that two runs do the same. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const names = await namesBelow(folder);
  const files = names.filter((name) => name.toLowerCase().endsWith('.xml')).sort();
  if (files.length === 0) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `Folder ${folder} holds no certificate: they are files that end in .xml.`,
    );
  }
  return files.map((name) => join(folder, name));
}

async function namesBelow(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder, { recursive: true });
  } catch (cause) {
    throw new ApplicationError('FILE_UNREADABLE', whyUnreadable(folder, cause), { cause });
  }
}
