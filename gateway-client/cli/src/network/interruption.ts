import { CliError } from '../errors.js';

/** What ends a program from outside, in order. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does something that puts away what it made when it is interrupted, by Ctrl-C for one: the signal tells it, and it has the time
 * that it needs.
 *
 * @throws CliError `INTERRUPTED`, whatever the work came to
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort(new CliError('INTERRUPTED'));
  };
  SIGNALS.forEach((signal) => process.on(signal, interrupt));
  try {
    const outcome = await work(interruption.signal);
    interruption.signal.throwIfAborted();
    return outcome;
  } catch (error) {
    // What else went wrong did because of it: Ctrl-C reaches all processes of a terminal at once.
    interruption.signal.throwIfAborted();
    throw error;
  } finally {
    SIGNALS.forEach((signal) => process.off(signal, interrupt));
  }
}
