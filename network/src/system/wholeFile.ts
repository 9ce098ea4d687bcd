import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** What anybody may read. */
export const PUBLIC = 0o644;
/** What only its owner may. */
export const PRIVATE = 0o600;

/** Writes a file whole or not at all, whoever looks meanwhile and whatever happens: a full disk, a power failure. */
export function writeWhole(path: string, content: string | Uint8Array, mode: number = PUBLIC): void {
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
}
