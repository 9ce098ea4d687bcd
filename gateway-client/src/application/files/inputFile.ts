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

function unreadable(path: string, cause: unknown): string {
  const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  return isMissing ? `${path} does not exist.` : path;
}

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
