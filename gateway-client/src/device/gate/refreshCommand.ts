import { printable } from '@tracecal/core/model';
import { sentenceOf } from './checkGate.js';
import { spanOption, spanOrZero, usage } from './options.js';
import type { GateCall } from './options.js';
import { GATE_OUTCOMES } from './outcomes.js';
import { refreshGate, USUAL_JITTER_MS, USUAL_TIMEOUT_MS } from './refreshGate.js';

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
  const told: string[] = [];
  const asked = {
    from,
    onLeak: (sentence: string) => void told.push(sentence),
    isLogOnly: has('log-only'),
    jitterMs: spanOrZero('jitter', text('jitter'), USUAL_JITTER_MS / 1000) * 1000,
    timeoutMs: spanOption('timeout', text('timeout'), USUAL_TIMEOUT_MS / 1000) * 1000,
  };
  const done = await refreshGate(files, asked).catch((error: unknown) => sentenceOf(error));
  if (typeof done === 'string') {
    // What sites have learned, they have learned also where they were of no use.
    err(`tracecal-gate: refreshed=no leaks=${quoted(told.join(' '))} why=${quoted(done)}\n`);
    return GATE_OUTCOMES.broken;
  }
  const { epochs, bundles, outcome, leaks, failed } = done;
  const values = [`from=${done.from}`, `epochs=${epochs}`, `bundles=${bundles}`, `outcome=${outcome}`];
  err(
    `tracecal-gate: refreshed=yes ${values.join(' ')} leaks=${quoted(leaks.join(' '))} failed=${quoted(failed.join(' '))}\n`,
  );
  if (isJson) {
    out(`${JSON.stringify({ type: 'tracecal-gate-refresh/1', ...done }, null, 2)}\n`);
  }
  return 0;
}

function quoted(text: string): string {
  return JSON.stringify(printable(text, 4096));
}
