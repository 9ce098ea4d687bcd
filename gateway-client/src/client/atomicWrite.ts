import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

interface WriteOptions {
  /** Set at creation, so that a file for its owner only is never readable by others, not even briefly. */
  readonly mode?: number;
  /** False for files that are written often and may be lost in a power failure. */
  readonly isDurable?: boolean;
}

/** Writes a file completely or not at all: a reader sees the old file or the new one, if durable also after a power failure. */
export async function atomicWrite(
  path: string,
  content: string | Uint8Array,
  { mode = 0o644, isDurable = true }: WriteOptions = {},
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await (isDurable ? file.sync() : undefined);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  await (isDurable ? syncFolder(dirname(path)) : undefined);
}

/** Without this, a power failure could undo the rename. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') {
    // On that platform, folders cannot be opened.
    return;
  }
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
