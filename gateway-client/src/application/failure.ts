import { printable, TraceCalError } from '../client/index.js';

/** A failure as it is told. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly txId?: string;
}

/** Numbers are what programs choose; here a command chooses them. */
const NUMBER_TO_SIGN = /: sign it with number \d+\.$/;
const MAKE_AGAIN = ': make it again, with the command that made it.';

/** A failure in words. */
export function describeFailure(error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL';
  const text = error instanceof Error ? error.message : String(error);
  // The registry's own errors repeat the code in front of the sentence, because they travel as text.
  const told = text.startsWith(`${code}: `) ? text.slice(code.length + 2) : text;
  const message = printable(told.replace(NUMBER_TO_SIGN, MAKE_AGAIN));
  return error instanceof TraceCalError && error.txId !== undefined
    ? { code, message, txId: error.txId }
    : { code, message };
}
