import { closeSync, openSync, readSync } from 'node:fs';
import { ConsortiumError } from './consortiumError.js';

/** More than a description may have, however its characters are encoded. */
const MAX_BYTES = 1_048_576;

/**
 * The text of a description. An endless source (a device, a pipe) is read only up to the size limit.
 *
 * @param what - What the user has to name instead.
 * @throws ConsortiumError `CONSORTIUM_MISSING`
 */
export function descriptionIn(path: string, what: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      return upTo(MAX_BYTES, file).toString('utf8');
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new ConsortiumError('CONSORTIUM_MISSING', path, [{ reason: `cannot be read; name ${what}.` }], { cause });
  }
}

function upTo(bytes: number, file: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  let filled = 0;
  for (let read = -1; read !== 0 && filled < bytes; filled += read) {
    read = readSync(file, buffer, filled, bytes - filled, null);
  }
  return buffer.subarray(0, filled);
}
