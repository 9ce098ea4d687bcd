import { printable, TraceCalError } from '../client/index.js';

/** A failure as the user sees it. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly txId?: string;
}

/** Programs choose the number of a statement; here the command does, so the advice differs. */
const NUMBER_TO_SIGN = /: sign it with number \d+\.$/;
const MAKE_AGAIN = ': make it again, with the command that made it.';

/** A failure in words. */
export function describeFailure(error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL';
  const text = error instanceof Error ? error.message : String(error);
  // The registry's own errors travel as text and repeat the code before the sentence: remove it.
  const told = text.startsWith(`${code}: `) ? text.slice(code.length + 2) : text;
  const message = printable(told.replace(NUMBER_TO_SIGN, MAKE_AGAIN));
  return error instanceof TraceCalError && error.txId !== undefined
    ? { code, message, txId: error.txId }
    : { code, message };
}
