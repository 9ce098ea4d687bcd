import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, open, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { EngineName } from '../running/engineName.js';
import { PRIVATE, syncFolder } from '../system/atomicWrite.js';
import { dataFiles, hasPrivateKey } from './dataFiles.js';
import { BackupError, hasCode } from './errors.js';
import { FORMAT, MANIFEST, type Manifest } from './manifest.js';
import { PROFILE } from './profiles.js';
import { BLOCK, encodeHeader, padding } from './tarHeader.js';

export interface BackupOptions {
  /** The directory to read: nothing may change in it meanwhile. */
  readonly from: string;
  /** The directory that `from` is, or is a copy of. */
  readonly directory: string;
  readonly engine: EngineName | undefined;
  readonly isRunning: boolean;
  readonly withKeys: boolean;
  readonly now: Date;
  readonly signal?: AbortSignal;
}

/**
 * Writes a backup: completely, or not at all. It never replaces a file.
 *
 * @throws BackupError `BACKUP_EXISTS`, `NOTHING_TO_BACK_UP`, `NAME_TOO_LONG`
 */
export async function writeBackup(file: string, options: BackupOptions): Promise<Manifest> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const files: Manifest['files'] = [];
  const manifest: Manifest = {
    format: FORMAT,
    made: options.now.toISOString(),
    host: hostname(),
    directory: options.directory,
    engine: options.engine ?? null,
    isRunning: options.isRunning,
    hasKeys: options.withKeys,
    folders: [],
    files,
    leftOut: [],
  };
  try {
    const to = createWriteStream(temporary, { flags: 'wx', mode: PRIVATE, flush: true });
    await pipeline(Readable.from(archive(options, manifest)), createGzip({ level: 3 }), to, { signal: options.signal });
    if (files.length === 0) {
      throw new BackupError('NOTHING_TO_BACK_UP', `There is nothing in ${options.directory} to back up.`);
    }
    // Unlike a rename, this does not replace a file that came into being meanwhile.
    await link(temporary, file).catch((cause: unknown) => {
      throw hasCode(cause, 'EEXIST') ? exists(file, cause) : cause;
    });
    syncFolder(dirname(file));
    return manifest;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** @throws BackupError `BACKUP_EXISTS` */
export async function requireNoBackup(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found !== undefined) throw exists(file);
}

function exists(file: string, cause?: unknown): BackupError {
  return new BackupError('BACKUP_EXISTS', `${file} is already there: name another file.`, { cause });
}

async function* archive(options: BackupOptions, manifest: Manifest): AsyncGenerator<Buffer> {
  const { from, withKeys, engine } = options;
  for await (const { path, isFolder } of dataFiles(from)) {
    // With the addresses of the original's nodes, commands in a copy that does not run would write to the original.
    if (engine !== undefined && PROFILE.test(path)) continue;
    const place = join(from, path);
    if (isFolder) {
      yield encodeHeader({ path: `${path}/`, isFolder, mode: 0o700, size: 0 });
      manifest.folders.push(path);
    } else if (!withKeys && (await hasPrivateKey(place))) manifest.leftOut.push(path);
    else yield* member(place, path, manifest.files);
  }
  const content = Buffer.from(`${JSON.stringify(manifest)}\n`);
  yield encodeHeader({ path: MANIFEST, isFolder: false, mode: PRIVATE, size: content.length });
  yield content;
  yield Buffer.alloc(padding(content.length));
  yield Buffer.alloc(2 * BLOCK);
}

async function* member(place: string, path: string, files: Manifest['files']): AsyncGenerator<Buffer> {
  const handle = await open(place, 'r');
  try {
    const { size, mode } = await handle.stat();
    yield encodeHeader({ path, isFolder: false, mode: (mode & 0o100) === 0 ? PRIVATE : 0o700, size });
    const hash = createHash('sha256');
    let left = size;
    while (left > 0) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(left, 1024 * 1024)));
      if (bytesRead === 0) throw new Error(`${place} became shorter while it was read: make the backup again.`);
      const part = buffer.subarray(0, bytesRead);
      hash.update(part);
      left -= bytesRead;
      yield part;
    }
    yield Buffer.alloc(padding(size));
    files.push({ path, size, sha256: hash.digest('hex') });
  } finally {
    await handle.close();
  }
}
