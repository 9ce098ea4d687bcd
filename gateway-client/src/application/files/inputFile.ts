import { parseJson, RegistryError, shapeOf } from '@tracecal/core/model';
import type { z } from 'zod';
import { TraceCalError } from '../../client/errors.js';
import { exactText } from '../../client/exactText.js';
import { readBounded, whyUnreadable } from '../../files/index.js';
import { ApplicationError } from '../errors.js';

const MAX_BYTES = 1_048_576;

/** A JSON file of a given shape. @throws ApplicationError `FILE_UNREADABLE` or `INPUT_INVALID`, RegistryError `JSON_INVALID` or `INPUT_INVALID` */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>, what: string): Promise<T> {
  return shapeOf(schema, what, parseJson(await readJsonText(path)));
}

/** The text of a JSON file. @throws ApplicationError `FILE_UNREADABLE` or `INPUT_INVALID`, RegistryError `JSON_INVALID` with the file and the line */
export async function readJsonText(path: string): Promise<string> {
  const text = await readText(path);
  requireJson(path, text);
  return text;
}

/** @throws RegistryError `JSON_INVALID`, in words for the person who wrote the file */
export function requireJson(path: string, text: string): void {
  try {
    parseJson(text);
  } catch (cause) {
    const [, why = '', at = ''] = (cause instanceof RegistryError ? PLACE.exec(cause.message) : null) ?? [];
    if (at === '') {
      throw cause;
    }
    throw new RegistryError('JSON_INVALID', `${inputName(path)} ${notJson(text, why, Number(at))}`);
  }
}

/** As the parser tells where it stopped. */
const PLACE = /here: (.+) \(at character (\d+)\)\.$/;

function notJson(text: string, why: string, at: number): string {
  if (text.trim() === '') {
    return 'is empty.';
  }
  if (text.includes('\u0000') || text.includes('\ufffd')) {
    return 'is no text in UTF-8: save it as UTF-8.';
  }
  if (text.trimStart().startsWith('<')) {
    return 'is XML, and JSON is expected: name another file.';
  }
  const lines = text.slice(0, at).split('\n');
  const place = `line ${lines.length}, character ${(lines.at(-1) ?? '').length + 1}`;
  const isBackslash = text[at] === '"' && /^"[^"\n]*\\/.test(text.slice(at));
  const remedy = isBackslash ? ' In a text, write \\\\ for each backslash, as in "\\\\kilogram".' : '';
  return `is no valid JSON: ${why} at ${place}.${remedy}`;
}

/** A text file of up to 1 MiB. @throws ApplicationError `FILE_UNREADABLE` or `INPUT_INVALID` */
export async function readText(path: string): Promise<string> {
  // Editors on Windows write a mark of the byte order.
  return (await readBytes(path)).toString('utf8').replace(/^\ufeff/, '');
}

/**
 * A text file that is taken as it is, byte for byte.
 *
 * @param maxBytes Of the longest one.
 * @throws ApplicationError `FILE_UNREADABLE` or `INPUT_INVALID`
 */
export async function readExactText(path: string, maxBytes: number): Promise<string> {
  try {
    return await exactText(path, maxBytes);
  } catch (error) {
    if (error instanceof TraceCalError && (error.code === 'FILE_UNREADABLE' || error.code === 'INPUT_INVALID')) {
      throw new ApplicationError(error.code, error.message, { cause: error.cause });
    }
    throw error;
  }
}

/** A file, by default of up to 1 MiB. @throws ApplicationError `FILE_UNREADABLE` or `INPUT_INVALID` */
export async function readBytes(path: string, maxBytes = MAX_BYTES): Promise<Buffer> {
  const bytes = await readBounded(path, maxBytes).catch((cause: unknown) => {
    throw new ApplicationError('FILE_UNREADABLE', whyUnreadable(path, cause), { cause });
  });
  if (bytes.length > maxBytes) {
    throw new ApplicationError('INPUT_INVALID', `${inputName(path)} is larger than ${maxBytes} bytes.`);
  }
  return bytes;
}

export function inputName(path: string): string {
  return path === '-' ? 'The input' : path;
}
