import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PRIVATE, atomicWrite } from '../system/atomicWrite.js';
import { dataFiles } from './dataFiles.js';

/** Connection profiles: an engine writes them anew whenever it starts its network. */
export const PROFILE = /^crypto-config\/.*\/connection-[^/]*\.json$/;

/** Connection profiles name files by their full path: in a restored directory by its own, not by that of the original. */
export async function moveProfiles(folder: string, before: string, after: string): Promise<void> {
  for await (const { path, isFolder } of dataFiles(folder)) {
    if (isFolder || !PROFILE.test(path)) continue;
    const file = join(folder, path);
    const profile: unknown = JSON.parse(await readFile(file, 'utf8'));
    atomicWrite(file, `${JSON.stringify(moved(profile, before, after), undefined, 2)}\n`, PRIVATE);
  }
}

function moved(value: unknown, before: string, after: string): unknown {
  if (typeof value === 'string') {
    return value.startsWith(`${before}/`) ? join(after, value.slice(before.length + 1)) : value;
  }
  if (Array.isArray(value)) return value.map((each) => moved(each, before, after));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, moved(each, before, after)]));
}
