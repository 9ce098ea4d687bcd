import { sentenceOf } from './checkGate.js';
import { GATE_OUTCOMES } from './outcomes.js';
import { runGate } from './program.js';

// Nothing that goes wrong here may look like the exit code of a command.
process.on('uncaughtException', (error: unknown) => {
  process.stderr.write(
    `tracecal-gate: outcome=broken code=${GATE_OUTCOMES.broken} why=${JSON.stringify(sentenceOf(error))}\n`,
  );
  process.exit(GATE_OUTCOMES.broken);
});

void runGate(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
