import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PRIVATE, PUBLIC } from '../system/atomicWrite.js';

const STAGING_PREFIX = '.staging-';
/** Far longer than any run: an older folder was left by a process that died. */
const ABANDONED_AFTER_MS = 10 * 60 * 1000;

export interface NewFile {
  /** Path within the new folder. */
  readonly path: string;
  readonly content: string;
  /** A private key: only its owner may read it. */
  readonly secret?: boolean;
}

/** Makes folders beside their destination and moves them into place when complete, so that no reader sees a partial folder. */
export class Staging {
  readonly #root: string;

  /** @param directory - The tree of the folders; the staging area is inside it, to be on the same file system. */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    removeAbandoned(directory);
    this.#root = mkdtempSync(join(directory, STAGING_PREFIX));
  }

  /** Creates a folder with these files. If another process was faster, its folder stays. */
  create(target: string, files: readonly NewFile[]): void {
    const folder = this.#write(files);
    mkdirSync(dirname(target), { recursive: true });
    try {
      renameSync(folder, target);
    } catch (error) {
      if (!existsSync(target)) throw error;
    }
  }

  /** Replaces a folder by one with these files and keeps the old one aside: everything is written before the old one is moved. */
  replace(target: string, files: readonly NewFile[], aside: string): void {
    const folder = this.#write(files);
    mkdirSync(dirname(aside), { recursive: true });
    if (existsSync(target)) renameSync(target, aside);
    renameSync(folder, target);
  }

  /** Removes the staging area. */
  close(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #write(files: readonly NewFile[]): string {
    const folder = join(this.#root, randomBytes(6).toString('hex'));
    mkdirSync(folder);
    for (const { path, content, secret } of files) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      // Set the mode at creation, so that others can never read a key.
      writeFileSync(file, content, { mode: secret === true ? PRIVATE : PUBLIC, flag: 'wx' });
    }
    return folder;
  }
}

function removeAbandoned(directory: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (!name.startsWith(STAGING_PREFIX)) continue;
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > ABANDONED_AFTER_MS) rmSync(path, { recursive: true, force: true });
  }
}
