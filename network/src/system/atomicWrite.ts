import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Readable for everybody. */
export const PUBLIC = 0o644;
/** Readable only for the owner. */
export const PRIVATE = 0o600;

/** Writes a file completely or not at all: a reader sees the old file or the new one. Once this returns, also after a power failure. */
export function atomicWrite(path: string, content: string | Uint8Array, mode: number = PUBLIC): void {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = openSync(temporary, 'wx', mode);
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
  syncFolder(dirname(path));
}

/** Without this, a power failure could undo what was renamed or linked in a folder. */
export function syncFolder(folder: string): void {
  // On that platform, folders cannot be opened.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
