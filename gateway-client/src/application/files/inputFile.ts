import { open } from 'node:fs/promises';
import { parseJson, shapeOf } from '@tracecal/core/model';
import type { z } from 'zod';
import { ApplicationError } from '../errors.js';

const MAX_BYTES = 1_048_576;

/** A JSON file of a given shape. @throws ApplicationError `FILE_UNREADABLE` or `INPUT_INVALID`, RegistryError `JSON_INVALID` or `INPUT_INVALID` */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>, what: string): Promise<T> {
  const text = await readText(path);
  return shapeOf(schema, what, parseJson(text));
}

/**
 * A text file of up to 1 MiB; `-` is what comes in on stdin, if there is one.
 *
 * @throws ApplicationError `FILE_UNREADABLE` or `INPUT_INVALID`
 */
export async function readText(path: string, stdin?: NodeJS.ReadableStream): Promise<string> {
  const bytes = await (path === '-' && stdin ? bytesOf(stdin, 'The input') : readBytes(path));
  return bytes.toString('utf8');
}

/** A file of up to 1 MiB. @throws ApplicationError `FILE_UNREADABLE` or `INPUT_INVALID` */
export async function readBytes(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      return await bytesOf(file.createReadStream({ end: MAX_BYTES }), path);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cause instanceof ApplicationError
      ? cause
      : new ApplicationError('FILE_UNREADABLE', unreadable(path, cause), { cause });
  }
}

/** Why a file or folder cannot be read, and what to do. */
export function unreadable(path: string, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why = WHY_UNREADABLE[code];
  return why === undefined ? `${path} cannot be read: check the path.` : `${path} ${why}.`;
}

const WHY_UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist: check the path',
  EACCES: 'cannot be read: check its permissions',
  EPERM: 'cannot be read: check its permissions',
  EISDIR: 'is a folder: name a file',
  ENOTDIR: 'is not a folder: check the path',
};

/** Reads no further than the limit: pipes and devices have no size to look at first. */
async function bytesOf(stream: AsyncIterable<string | Buffer>, what: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BYTES) {
      throw new ApplicationError('INPUT_INVALID', `${what} is larger than ${MAX_BYTES} bytes.`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
