import { rm } from 'node:fs/promises';

/** Deletes files and whole folders, if they exist. */
export async function removeAll(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true })));
}
