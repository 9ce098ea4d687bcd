import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { PRIVATE, atomicWrite, syncFolder } from '../system/atomicWrite.js';
import { ByteReader } from './byteReader.js';
import { BackupError, hasCode } from './errors.js';
import { FORMAT, MANIFEST, manifestSchema, type Manifest } from './manifest.js';
import { moveProfiles } from './profiles.js';
import { RESTORED, type Restored } from './restored.js';
import { BLOCK, damaged, decodeHeader, padding, type TarHeader } from './tarHeader.js';

const MOST_MANIFEST_BYTES = 64 * 1024 * 1024;
const SEGMENT = /^(?!\.{1,2}$)[^\0\\/:]+$/;

/**
 * Restores a backup into a directory that is empty or does not exist: completely, or not at all. The directory says from then on that it
 * is a copy.
 *
 * @throws BackupError `TARGET_NOT_EMPTY`, `BACKUP_INVALID`, `BACKUP_VERSION`
 */
export async function restoreBackup(file: string, target: string, now: Date, signal?: AbortSignal): Promise<Manifest> {
  const isMounted = await isMountPoint(target);
  await requireEmpty(target, isMounted);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const unfinished = `${randomBytes(6).toString('hex')}.tmp`;
  const partial = isMounted ? join(target, `.${unfinished}`) : `${target}.${unfinished}`;
  await mkdir(partial, { mode: 0o700 });
  try {
    const manifest = await extract(file, partial, signal);
    await moveProfiles(partial, manifest.directory, target);
    const { made, host, directory } = manifest;
    const copy: Restored = { restored: now.toISOString(), made, host, directory };
    atomicWrite(join(partial, RESTORED), `${JSON.stringify(copy)}\n`, PRIVATE);
    signal?.throwIfAborted();
    if (isMounted) await moveOut(partial, target);
    // It replaces an empty directory, and fails if something is in it by now.
    else await rename(partial, target);
    syncFolder(isMounted ? target : dirname(target));
    return manifest;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function isMountPoint(target: string): Promise<boolean> {
  const [own, above] = await Promise.all([deviceOf(target), deviceOf(dirname(target))]);
  return own !== undefined && own !== above;
}

async function deviceOf(folder: string): Promise<number | undefined> {
  return stat(folder).then(
    ({ dev }) => dev,
    () => undefined,
  );
}

/** A mounted directory cannot be replaced: what is in a folder of it moves up, and goes if that fails half-way. */
async function moveOut(partial: string, target: string): Promise<void> {
  const moved: string[] = [];
  try {
    for (const name of await readdir(partial)) {
      await rename(join(partial, name), join(target, name));
      moved.push(join(target, name));
    }
  } catch (error) {
    for (const path of moved) await rm(path, { recursive: true, force: true });
    throw error;
  }
  await rm(partial, { recursive: true });
}

/** What some file systems put into a mounted directory. */
const OF_FILE_SYSTEM = 'lost+found';

async function requireEmpty(target: string, isMounted: boolean): Promise<void> {
  const entries = await readdir(target).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  if (entries.some((name) => !isMounted || name !== OF_FILE_SYSTEM)) {
    throw new BackupError(
      'TARGET_NOT_EMPTY',
      `${target} is not empty: restore into a directory that is empty or does not exist.`,
    );
  }
}

async function extract(file: string, folder: string, signal: AbortSignal | undefined): Promise<Manifest> {
  const source = createReadStream(file);
  const unpacked = createGunzip();
  source.on('error', (error) => unpacked.destroy(error));
  source.pipe(unpacked);
  try {
    return await unpack(new ByteReader(unpacked as AsyncIterable<Buffer>), folder, signal);
  } catch (error) {
    throw isOfCompression(error) ? damaged('it cannot be unpacked', error) : error;
  } finally {
    source.destroy();
    unpacked.destroy();
  }
}

async function unpack(bytes: ByteReader, folder: string, signal: AbortSignal | undefined): Promise<Manifest> {
  const folders: string[] = [];
  const files: Manifest['files'] = [];
  const seen = new Set<string>();
  for (;;) {
    signal?.throwIfAborted();
    const header = decodeHeader(await bytes.read(BLOCK));
    if (header === undefined) throw damaged('its list of contents is missing');
    const path = header.isFolder ? header.path.replace(/\/$/, '') : header.path;
    requireInside(path, seen);
    if (path === MANIFEST) {
      const manifest = parseManifest(await content(bytes, header));
      await bytes.end();
      requireSame(manifest, folders, files);
      return manifest;
    }
    if (header.isFolder) {
      await mkdir(join(folder, path), { mode: 0o700 });
      folders.push(path);
    } else files.push(await writeFile(bytes, header, join(folder, path)));
  }
}

/** Names lead nowhere else, on any system, and none comes twice, so that nothing is written over. */
function requireInside(path: string, seen: Set<string>): void {
  // Some file systems take upper and lower case for the same.
  const key = path.toLowerCase();
  if (!path.split('/').every((segment) => SEGMENT.test(segment))) {
    throw damaged(`${JSON.stringify(path)} leads out of the directory`);
  }
  if (seen.has(key)) throw damaged(`${JSON.stringify(path)} is in it twice`);
  if (path === RESTORED) throw damaged(`${JSON.stringify(path)} does not belong into it`);
  seen.add(key);
}

async function content(bytes: ByteReader, { size }: TarHeader): Promise<Buffer> {
  if (size > MOST_MANIFEST_BYTES) throw damaged('its list of contents is too long');
  const read = await bytes.read(size);
  await bytes.read(padding(size));
  return read;
}

async function writeFile(
  bytes: ByteReader,
  { path, size, mode }: TarHeader,
  place: string,
): Promise<Manifest['files'][number]> {
  const hash = createHash('sha256');
  const handle = await open(place, 'wx', PRIVATE).catch((cause: unknown) => {
    throw hasCode(cause, 'ENOENT') ? damaged(`the folder of ${JSON.stringify(path)} is missing`, cause) : cause;
  });
  try {
    for await (const part of bytes.parts(size)) {
      hash.update(part);
      await handle.writeFile(part);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if ((mode & 0o100) !== 0) await chmod(place, 0o700);
  await bytes.read(padding(size));
  return { path, size, sha256: hash.digest('hex') };
}

function parseManifest(bytes: Buffer): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw damaged('its list of contents cannot be read', cause);
  }
  const { success, data, error } = manifestSchema.safeParse(value);
  if (success) return data;
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (typeof format === 'string' && format !== FORMAT && format.startsWith('tracecal-backup/')) {
    throw new BackupError(
      'BACKUP_VERSION',
      `The backup has the format ${format}: restore it with the version that wrote it.`,
    );
  }
  throw damaged('its list of contents has another shape', error);
}

/** @throws BackupError `BACKUP_INVALID` */
function requireSame(manifest: Manifest, folders: readonly string[], files: Manifest['files']): void {
  const expected = new Map(manifest.files.map((one) => [one.path, one]));
  for (const { path, size, sha256 } of files) {
    const listed = expected.get(path);
    if (listed === undefined) throw damaged(`${path} is not in its list of contents`);
    if (listed.size !== size || listed.sha256 !== sha256)
      throw damaged(`${path} has another digest than its list says`);
  }
  if (expected.size !== files.length) throw damaged('files of its list of contents are missing');
  if (manifest.folders.join('\n') !== folders.join('\n')) throw damaged('its folders are not those of its list');
}

function isOfCompression(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
