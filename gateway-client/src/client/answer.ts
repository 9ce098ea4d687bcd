import { parseJson } from '@tracecal/core/model';
import { clientError } from './errors.js';

/** Answers contain whole traces and lists, so they can be larger than any input that the registry accepts. */
const LIMITS = { maxLength: 67_108_864, maxDepth: 64 };

/**
 * Parses a JSON answer of the registry into ordinary objects. Only the JSON syntax is checked; the contract guarantees the
 * shape.
 * @param txId - The committed transaction whose answer it is: whoever cannot read it must still learn that it is committed.
 */
export function answerOf(bytes: Uint8Array, txId?: string): unknown {
  const text = Buffer.from(bytes).toString('utf8');
  try {
    // Refuses what JSON.parse would let pass, such as a name that stands twice in one object. Its own objects have no prototype.
    parseJson(text, LIMITS);
    return JSON.parse(text);
  } catch (cause) {
    throw clientError(
      'ANSWER_INVALID',
      `${txId === undefined ? '' : `Transaction ${txId} is committed. `}${text.slice(0, 80)}`,
      {
        cause,
        txId,
      },
    );
  }
}
