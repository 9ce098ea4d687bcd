import { parseJson } from '@tracecal/core/model';
import { clientError } from './errors.js';

/** Answers hold whole traces and lists: larger than any input that the registry accepts. */
const LIMITS = { maxLength: 67_108_864, maxDepth: 64 };

/** A JSON answer of the registry. Its shape is the contract's promise; that it is JSON at all is checked. */
export function answerOf(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString('utf8');
  try {
    return parseJson(text, LIMITS);
  } catch (cause) {
    throw clientError('ANSWER_INVALID', text.slice(0, 80), { cause });
  }
}
