import { clientError, TraceCalError } from './errors.js';

/**
 * Reads an answer of a gateway, whose shape nobody guarantees. Whatever fails while it is read is the answer's fault, and never
 * an error that a caller cannot tell from a fault of the program.
 *
 * @throws TraceCalError `ANSWER_INVALID`
 */
export function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof TraceCalError && cause.code === 'ANSWER_INVALID') {
      throw cause;
    }
    throw clientError('ANSWER_INVALID', 'A part of it is missing or has another form.', { cause });
  }
}
