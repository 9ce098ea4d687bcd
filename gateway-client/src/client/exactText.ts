import { isUtf8 } from 'node:buffer';
import { readBounded, whyUnreadable } from '../files/index.js';
import { TraceCalError } from './errors.js';

/**
 * A text file that is taken as it is, byte for byte.
 *
 * @param maxBytes Of the longest one.
 * @throws TraceCalError `FILE_UNREADABLE` with the cause, or `INPUT_INVALID`
 */
export async function exactText(path: string, maxBytes: number): Promise<string> {
  const bytes = await readBounded(path, maxBytes).catch((cause: unknown) => {
    throw new TraceCalError('FILE_UNREADABLE', whyUnreadable(path, cause), { cause, detail: path });
  });
  const name = path === '-' ? 'The input' : path;
  if (bytes.length > maxBytes) {
    throw new TraceCalError('INPUT_INVALID', `${name} is larger than ${maxBytes} bytes.`);
  }
  if (!isUtf8(bytes)) {
    throw new TraceCalError('INPUT_INVALID', `${name} is no text in UTF-8: take the file as it was made.`);
  }
  return bytes.toString('utf8');
}
