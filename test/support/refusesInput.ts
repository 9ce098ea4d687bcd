import assert from 'node:assert/strict';
import { RegistryError } from '@tracecal/core/model';

/** The work is refused as bad input, with a sentence like this. */
export function refusesInput(work: () => unknown, sentence: RegExp): void {
  assert.throws(
    work,
    (error) => error instanceof RegistryError && error.code === 'INPUT_INVALID' && sentence.test(error.message),
  );
}
