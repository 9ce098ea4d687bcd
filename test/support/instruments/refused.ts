import { ApplicationError } from '@tracecal/gateway-client/application';
import assert from 'node:assert/strict';

/** The monitor refuses the work as bad input, with a sentence like this. */
export function refused(work: () => unknown, sentence: RegExp): void {
  assert.throws(
    work,
    (error) => error instanceof ApplicationError && error.code === 'INPUT_INVALID' && sentence.test(error.message),
  );
}
