import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

interface WriteOptions {
  /** Given at creation: what only its owner may read is never readable by others. */
  readonly mode?: number;
  /** False for what is written often and may be lost with the power. */
  readonly isDurable?: boolean;
}

/** Writes a file whole or not at all: whoever looks meanwhile sees the old one or the new one, also after a power failure. */
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

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') {
    // Folders cannot be opened there.
    return;
  }
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
