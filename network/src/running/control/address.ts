import { createHash } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { socketFile } from './files.js';

/** The limit is 108 bytes on Linux and 104 on macOS, with a zero at the end. */
const MAX_PATH_BYTES = 103;

/**
 * Calls a function with a path of the socket that is short enough for the system: for a long directory name, through a temporary link. The
 * function must have finished with the path when it returns.
 */
export function atSocket<T>(dataDir: string, use: (path: string) => T): T {
  if (process.platform === 'win32') return use(pipeName(dataDir));
  const path = socketFile(dataDir);
  if (Buffer.byteLength(path) <= MAX_PATH_BYTES) return use(path);
  const folder = mkdtempSync(join(tmpdir(), 'tc-'));
  try {
    const link = join(folder, 'd');
    symlinkSync(resolve(dataDir), link);
    return use(socketFile(link));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Windows has no sockets in folders. */
function pipeName(dataDir: string): string {
  const digest = createHash('sha256').update(realpathSync(dataDir)).digest('hex');
  return `\\\\.\\pipe\\tracecal-${digest}`;
}
