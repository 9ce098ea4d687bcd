import { parseJson, shapeOf } from '@tracecal/core/model';
import type { z } from 'zod';
import { readBounded, whyUnreadable } from '../../files/index.js';
import { ApplicationError } from '../errors.js';

const MAX_BYTES = 1_048_576;

/** A JSON file of a given shape. @throws ApplicationError `FILE_UNREADABLE` or `INPUT_INVALID`, RegistryError `JSON_INVALID` or `INPUT_INVALID` */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>, what: string): Promise<T> {
  const text = await readText(path);
  return shapeOf(schema, what, parseJson(text));
}

/** A text file of up to 1 MiB. @throws ApplicationError `FILE_UNREADABLE` or `INPUT_INVALID` */
export async function readText(path: string): Promise<string> {
  return (await readBytes(path)).toString('utf8');
}

/** A file of up to 1 MiB. @throws ApplicationError `FILE_UNREADABLE` or `INPUT_INVALID` */
export async function readBytes(path: string): Promise<Buffer> {
  const bytes = await readBounded(path, MAX_BYTES).catch((cause: unknown) => {
    throw new ApplicationError('FILE_UNREADABLE', whyUnreadable(path, cause), { cause });
  });
  if (bytes.length > MAX_BYTES) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `${path === '-' ? 'The input' : path} is larger than ${MAX_BYTES} bytes.`,
    );
  }
  return bytes;
}
