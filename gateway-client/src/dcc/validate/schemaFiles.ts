import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { DccError } from '../errors.js';
import { DCC_NAMESPACE } from '../namespaces.js';

/** The schema files of a folder, by their paths below it (with `/`). Nothing outside the folder is ever read. */
export interface SchemaFiles {
  readonly folder: string;
  readonly files: ReadonlyMap<string, Buffer>;
}

const MAX_FILES = 500;
const MAX_BYTES = 32 * 1024 * 1024;

/** @throws DccError `SCHEMA_UNUSABLE` if the folder cannot be read or holds no schema of certificates */
export async function readSchemaFiles(folder: string): Promise<SchemaFiles> {
  try {
    const paths = await schemaPaths(folder);
    const files = new Map<string, Buffer>();
    for (const path of paths) {
      files.set(relative(folder, path).split(sep).join('/'), await readFile(path));
    }
    return { folder, files };
  } catch (cause) {
    if (cause instanceof DccError) {
      throw cause;
    }
    throw new DccError('SCHEMA_UNUSABLE', `The folder ${folder} cannot be read.`, { cause });
  }
}

async function schemaPaths(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const paths = names
    .filter((name) => name.endsWith('.xsd'))
    .sort()
    .map((name) => join(folder, name));
  const stats = await Promise.all(paths.slice(0, MAX_FILES + 1).map((path) => stat(path)));
  const total = stats.reduce((sum, { size }) => sum + size, 0);
  if (paths.length > MAX_FILES || total > MAX_BYTES) {
    throw new DccError('SCHEMA_UNUSABLE', `${folder} holds more than ${MAX_FILES} schemas or ${MAX_BYTES} bytes.`);
  }
  return paths.filter((_, index) => stats[index]?.isFile());
}

const SCHEMA_TAG = /<(?:[\w.-]+:)?schema\s[^>]*>/;

/** The schemas of certificates among the files: version to path. If two files have the same version, the first counts. */
export function certificateSchemas({ files }: SchemaFiles): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [path, bytes] of files) {
    const [tag = ''] = SCHEMA_TAG.exec(bytes.toString('utf8')) ?? [];
    const version = /\sversion\s*=\s*["']([^"']+)["']/.exec(tag)?.[1];
    const namespace = /\stargetNamespace\s*=\s*["']([^"']+)["']/.exec(tag)?.[1];
    if (namespace === DCC_NAMESPACE && version !== undefined && !found.has(version)) {
      found.set(version, path);
    }
  }
  return found;
}

/**
 * The file that an import refers to. Published schemas import one another by web address. The file whose path has the most
 * similar end is used, and nothing is downloaded.
 */
export function resolveImport(location: string, files: SchemaFiles['files']): string | undefined {
  if (files.has(location)) {
    return location;
  }
  const wanted = location.split(/[?#]/)[0]?.split('/').reverse() ?? [];
  let best: { readonly path: string; readonly length: number } | undefined;
  for (const path of files.keys()) {
    const parts = path.split('/').reverse();
    const differs = parts.findIndex((part, index) => part !== wanted[index]);
    const length = differs === -1 ? parts.length : differs;
    if (length > 0 && length > (best?.length ?? 0)) {
      best = { path, length };
    }
  }
  return best?.path;
}
