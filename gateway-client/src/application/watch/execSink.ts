import { callCommand } from '../../client/callCommand.js';
import type { Sink } from './outbox.js';

const TIMEOUT_MS = 30_000;

/**
 * Runs a command for each notice and passes it as one line of JSON on stdin. The command is the user's own text and goes to a shell
 * unchanged. It contains no data from the ledger, and neither does its environment: anyone who registers a device could choose words that a
 * shell would execute.
 *
 * @returns A sink that throws if the command fails, or does not end in time.
 */
export function execSink(command: string, timeoutMs = TIMEOUT_MS): Sink {
  return (notice) => callCommand(command, `${JSON.stringify(notice)}\n`, timeoutMs);
}
