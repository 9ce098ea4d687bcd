import { readOnlyFiles } from '../../files/index.js';
import type { Compiled } from './compiled.js';
import { sentenceOf } from './checkGate.js';
import { GATE_OUTCOMES } from './outcomes.js';
import { OWN_STREAMS, runGate } from './program.js';

/** What the head of the one file hands over (launch.ts). */
declare const compiled: Compiled;

// Nothing that goes wrong here may look like the exit code of a command.
process.on('uncaughtException', (error: unknown) => {
  process.stderr.write(
    `tracecal-gate: outcome=broken code=${GATE_OUTCOMES.broken} why=${JSON.stringify(sentenceOf(error))}\n`,
  );
  process.exit(GATE_OUTCOMES.broken);
});

readOnlyFiles();
void runGate(process.argv.slice(2), OWN_STREAMS, compiled).then((code) => {
  // All is written (program.ts). Whoever waits for the end does not wait until Node has tidied up its memory.
  process.exit(code);
});
