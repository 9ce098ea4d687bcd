import { callOf } from './hint.js';
import type { Streams } from './terminal.js';

/** Runs what was called, with what this process reads and writes. */
export function start(run: (args: readonly string[], streams: Streams) => Promise<number>): void {
  // A reader may stop early (`tracecal history x | head`): that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
  void run(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    environment: process.env,
    call: callOf(process.argv[1] ?? 'tracecal', process.env, process.cwd()),
  }).then((code) => {
    process.exitCode = code;
  });
}
