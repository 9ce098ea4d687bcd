// `tracecal proof verify` without all other commands: .scripts/verify.mjs makes one file of it, which starts several times faster.
import { groupOf } from './command.js';
import { proofVerify } from './commands/proofVerify.js';
import { programOf, runProgram } from './runProgram.js';
import { start } from './start.js';

start((args, streams) =>
  runProgram(args, streams, (host) =>
    programOf(host, () => [groupOf('proof', 'Verdicts in files', [proofVerify(host)])]),
  ),
);
