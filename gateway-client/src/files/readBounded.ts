import { AsyncLocalStorage } from 'node:async_hooks';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { standardInput, StandardInputTaken } from './standardInput.js';

const onlyFiles = new AsyncLocalStorage<true>();

/**
 * Does something in which only files are read, no pipes and no devices: whoever waits for the writer of a pipe may wait for ever, and what
 * has to decide may not.
 */
export function withOnlyFiles<T>(work: () => T): T {
  return areOnlyFiles ? work() : onlyFiles.run(true, work);
}

let areOnlyFiles = false;

/**
 * For a program that reads nothing but files: {@link withOnlyFiles} for all that it does from now on. Where Node has to know at every promise
 * what it belongs to, a boot gate takes a third longer.
 */
export function readOnlyFiles(): void {
  areOnlyFiles = true;
}

/**
 * The bytes of a file, or for `-` what comes in on stdin: no further than one byte beyond the limit, because pipes and devices have
 * no size to look at first. Whoever gets more than the limit refuses it.
 *
 * @throws Error of the system; {@link whyUnreadable} says what it means
 */
export async function readBounded(path: string, maxBytes: number): Promise<Buffer> {
  const stdin = standardInput(path);
  if (stdin) {
    return upTo(maxBytes, stdin);
  }
  const file = await opened(path);
  try {
    return await upTo(maxBytes, chunksOf(file, maxBytes + 1));
  } finally {
    await file.close();
  }
}

async function opened(path: string): Promise<FileHandle> {
  if (!areOnlyFiles && onlyFiles.getStore() !== true) {
    return open(path);
  }
  // Without waiting, a pipe opens at once.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stat = await file.stat();
  if (!stat.isFile()) {
    await file.close();
    throw Object.assign(new Error('no file'), { code: stat.isDirectory() ? 'EISDIR' : NO_FILE });
  }
  return file;
}

const NO_FILE = 'NO_FILE';

/** A stream of Node's does the same with ten times the code, which a boot gate waits for. */
async function* chunksOf(file: FileHandle, maxBytes: number): AsyncGenerator<Buffer> {
  for (let rest = maxBytes; rest > 0;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(rest, CHUNK_BYTES)), 0, null, null);
    if (bytesRead === 0) {
      return;
    }
    rest -= bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

const CHUNK_BYTES = 65_536;

async function upTo(maxBytes: number, stream: AsyncIterable<string | Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    chunks.push(bytes);
    size += bytes.length;
    if (size > maxBytes) {
      break;
    }
  }
  return Buffer.concat(chunks).subarray(0, maxBytes + 1);
}

/** Whether a file is not there. */
export function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
}

/** Why a file or folder cannot be read, and what to do. */
export function whyUnreadable(path: string, cause: unknown): string {
  if (cause instanceof StandardInputTaken) {
    return cause.message;
  }
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why = WHY_UNREADABLE[code];
  return why === undefined ? `${path} cannot be read: check the path.` : `${path} ${why}.`;
}

const WHY_UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist: check the path',
  EACCES: 'cannot be read: check its permissions',
  EPERM: 'cannot be read: check its permissions',
  EISDIR: 'is a folder: name a file',
  [NO_FILE]: 'is no file but a pipe or a device: name a file',
  ENOTDIR: 'is not a folder: check the path',
};
