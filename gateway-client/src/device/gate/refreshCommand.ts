import { sentenceOf } from './checkGate.js';
import { notRefreshedLine, refreshedLine } from './journal.js';
import { spanOption, spanOrZero, usage } from './options.js';
import type { GateCall } from './options.js';
import { GATE_OUTCOMES } from './outcomes.js';
import { BundleMissing, refreshGate, USUAL_JITTER_MS, USUAL_TIMEOUT_MS } from './refreshGate.js';

/** `gate refresh`. @returns 0: what a gate would decide with the new files, the gate says. 109 if nothing was fetched. */
export async function refreshCommand(
  { files, command, isJson, text, list, has }: GateCall,
  { out, err }: { readonly out: (text: string) => void; readonly err: (text: string) => boolean },
): Promise<number> {
  const from = list('from');
  if (from.length === 0) {
    throw usage('Nobody is named who could be asked: give the address of a site with --from.');
  }
  if (command.length > 0) {
    throw usage('A refresh runs no command.');
  }
  if (files.log === undefined) {
    throw usage('Where the change log is kept is not said: name its folder with --log.');
  }
  const told: string[] = [];
  const asked = {
    from,
    onLeak: (sentence: string) => void told.push(sentence),
    isLogOnly: has('log-only'),
    jitterMs: spanOrZero('jitter', text('jitter'), USUAL_JITTER_MS / 1000) * 1000,
    timeoutMs: spanOption('timeout', text('timeout'), USUAL_TIMEOUT_MS / 1000) * 1000,
  };
  const done = await refreshGate(files, asked).catch(whyNot);
  if (typeof done === 'string') {
    err(`${notRefreshedLine(done, told)}\n`);
    return GATE_OUTCOMES.broken;
  }
  err(`${refreshedLine(done)}\n`);
  if (isJson) {
    out(`${JSON.stringify({ type: 'tracecal-gate-refresh/1', ...done }, null, 2)}\n`);
  }
  return 0;
}

function whyNot(error: unknown): string {
  const why = sentenceOf(error);
  return error instanceof BundleMissing ? `${why} That is --log-only.` : why;
}
