import { createReadStream } from 'node:fs';
import { linesOfStream, standardInput, StandardInputTaken, whyUnreadable } from '../../files/index.js';
import { ApplicationError } from '../errors.js';

/** The lines of a file, or for `-` of stdin, as they come: the next one is read when the last was used. @throws ApplicationError `FILE_UNREADABLE` */
export async function* linesIn(path: string, maxBytes: number): AsyncGenerator<string, void, undefined> {
  try {
    const stream: AsyncIterable<string | Buffer> = standardInput(path) ?? createReadStream(path);
    yield* linesOfStream(stream, maxBytes);
  } catch (cause) {
    throw isOfReading(cause) ? unreadable(path, cause) : cause;
  }
}

/** What the consumer of the lines throws is its own. */
function isOfReading(cause: unknown): boolean {
  return cause instanceof StandardInputTaken || (cause instanceof Error && 'syscall' in cause);
}

function unreadable(path: string, cause: unknown): ApplicationError {
  return new ApplicationError('FILE_UNREADABLE', whyUnreadable(path, cause), { cause });
}
