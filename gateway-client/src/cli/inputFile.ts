import { readFile, stat } from 'node:fs/promises';
import { parseJson, shapeOf } from '@tracecal/chaincode/model';
import type { z } from 'zod';
import { CliError } from './errors.js';

const MAX_BYTES = 1_048_576;

/** A JSON file of a given shape. @throws CliError `FILE_UNREADABLE` or `INPUT_INVALID`, RegistryError `JSON_INVALID` or `INPUT_INVALID` */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>, what: string): Promise<T> {
  const text = await readText(path);
  return shapeOf(schema, what, parseJson(text));
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= MAX_BYTES) {
      return await readFile(path, 'utf8');
    }
  } catch (cause) {
    throw new CliError('FILE_UNREADABLE', path, { cause });
  }
  throw new CliError('INPUT_INVALID', `${path} is larger than ${MAX_BYTES} bytes.`);
}
