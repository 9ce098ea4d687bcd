import { CliError } from '../errors.js';

/** Signals that ask a program to stop in order. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs work that cleans up when it is interrupted, for example by Ctrl-C: its signal aborts, and it has the time it needs.
 *
 * @throws CliError `INTERRUPTED` after an interruption, whatever the work returned
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
    // Other errors follow from the interruption: Ctrl-C reaches all processes of a terminal at once.
    interruption.signal.throwIfAborted();
    throw error;
  } finally {
    SIGNALS.forEach((signal) => process.off(signal, interrupt));
  }
}
