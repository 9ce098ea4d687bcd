import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Readable for everybody. */
export const PUBLIC = 0o644;
/** Readable only for the owner. */
export const PRIVATE = 0o600;

/** Writes a file atomically: a reader, a full disk or a power failure never sees or leaves a partial file. */
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
}
