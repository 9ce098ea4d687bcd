import type { ChildProcess } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { closeSync, openSync, readSync, renameSync, statSync, truncateSync, writeSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { PRIVATE } from './atomicWrite.js';

/** How large a log may become, and how many older parts of it are kept: `NAME.log.1` is the newest of them. */
export interface LogLimits {
  readonly bytes: number;
  readonly kept: number;
}

export const LOG_LIMITS: LogLimits = { bytes: 8 * 1024 * 1024, kept: 4 };

const CHECK_MS = 30_000;
/** A stopped process may still be in a write. */
const QUIET_MS = 20;
const MOST_CHECKS = 50;
const CHUNK_BYTES = 64 * 1024;

/** Whoever writes a log, always to its end (O_APPEND), and knows nothing of this: another process, or this one. */
export type LogWriter = Pick<ChildProcess, 'kill'> | 'this process';

/** Keeps the log of a child process small until it ends. */
export function keepLogOf(child: ChildProcess, file: string): void {
  // A process that could not be started has no end that ends this.
  if (child.pid !== undefined) child.once('exit', keepLogSmall(file, child));
}

/**
 * Keeps a log small from now on.
 * @returns A function that ends this.
 */
export function keepLogSmall(file: string, writer: LogWriter): () => void {
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    // What fails now, because the disk is full, is tried again; the writer goes on.
    void rotateLog(file, writer)
      .catch(() => undefined)
      .finally(() => {
        isBusy = false;
      });
  }, CHECK_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/**
 * Moves what a log contains into `FILE.1` and empties it, if it is larger than its limit. No line is lost: the process that writes it is
 * stopped while the last bytes are copied.
 *
 * @returns Whether it was moved.
 */
export async function rotateLog(file: string, writer: LogWriter, limits: LogLimits = LOG_LIMITS): Promise<boolean> {
  const { size } = await stat(file);
  if (size <= limits.bytes) return false;
  const part = `${file}.part`;
  try {
    await pipeline(createReadStream(file, { end: size - 1 }), createWriteStream(part, { mode: PRIVATE }));
    await makeRoom(file, limits.kept);
    return await whileStopped(writer, file, () => {
      appendRest(file, size, part);
      renameSync(part, `${file}.1`);
      truncateSync(file);
    });
  } finally {
    await rm(part, { force: true });
  }
}

/** Whether the name is that of an older part of a log, or of one that is being made. */
export function isLogPart(name: string): boolean {
  return /\.log\.(\d+|part)$/.test(name);
}

async function makeRoom(file: string, kept: number): Promise<void> {
  for (let number = kept - 1; number > 0; number -= 1) {
    await rename(`${file}.${number}`, `${file}.${number + 1}`).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    });
  }
}

/**
 * Does a piece of work while nobody writes. The work is synchronous: so this process does not write either.
 * @returns Whether it was done: a process that does not come to rest is left alone.
 */
async function whileStopped(writer: LogWriter, file: string, work: () => void): Promise<boolean> {
  if (writer === 'this process') {
    work();
    return true;
  }
  writer.kill('SIGSTOP');
  try {
    const isQuiet = await comesToRest(file);
    if (isQuiet) work();
    return isQuiet;
  } finally {
    writer.kill('SIGCONT');
  }
}

async function comesToRest(file: string): Promise<boolean> {
  let before = -1;
  for (let check = 0; check < MOST_CHECKS; check += 1) {
    const { size } = statSync(file);
    if (size === before) return true;
    before = size;
    await pause(QUIET_MS);
  }
  return false;
}

function appendRest(file: string, from: number, part: string): void {
  const source = openSync(file, 'r');
  const target = openSync(part, 'a');
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let position = from;
    for (let size = readSync(source, chunk, 0, chunk.length, position); size > 0;) {
      writeSync(target, chunk, 0, size);
      position += size;
      size = readSync(source, chunk, 0, chunk.length, position);
    }
  } finally {
    closeSync(source);
    closeSync(target);
  }
}
