import { fstatSync, statSync, writeSync } from 'node:fs';
import { atomicWrite } from '../../client/atomicWrite.js';
import { checkGate, orBroken, sentenceOf } from './checkGate.js';
import type { Compiled } from './compiled.js';
import { execute } from './execute.js';
import { failureLine, journalLine } from './journal.js';
import { GATE_COMMANDS, parseGate, usage } from './options.js';
import type { GateCommand, GateOption } from './options.js';
import { GATE_OUTCOMES, opens } from './outcomes.js';
import { refreshCommand } from './refreshCommand.js';
import { reportJson } from './reportJson.js';
import { watchCommand } from './watchCommand.js';

/** Where a command of the gate writes. */
export interface GateStreams {
  readonly out: (text: string) => void;
  /** @returns Whether it was written where somebody can read it. */
  readonly err: (text: string) => boolean;
}

// The line is out before a command takes this process over.
export const OWN_STREAMS: GateStreams = {
  out: (text) => {
    written(1, text);
  },
  err: (text) => written(2, text) && !isNowhere(2),
};

/** A closed pipe is no reason to decide otherwise, and neither is a full one that nobody reads from. */
function written(descriptor: number, text: string): boolean {
  let [rest, tries] = [Buffer.from(text), 0];
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (cause) {
      tries += 1;
      if ((cause as NodeJS.ErrnoException).code !== 'EAGAIN' || tries > MOST_TRIES) {
        return false;
      }
      Atomics.wait(PAUSE, 0, 0, BETWEEN_MS);
    }
  }
  return true;
}

/** Together five seconds. */
const [MOST_TRIES, BETWEEN_MS] = [500, 10];
const PAUSE = new Int32Array(new SharedArrayBuffer(4));

/** What is written into nothing, nobody reads. Where stderr is closed, Node puts that in its place. */
function isNowhere(descriptor: number): boolean {
  try {
    const [own, nothing] = [fstatSync(descriptor), statSync('/dev/null')];
    return own.isCharacterDevice() && own.rdev === nothing.rdev;
  } catch {
    return false;
  }
}

/**
 * Runs `tracecal gate` with these words. Nothing is thrown: what fails in the gate itself is 109, and no command runs then.
 *
 * @param compiled - What `--prepare` keeps; only the gate as one file has it.
 * @returns The exit code: of the command, where one was run.
 */
export async function runGate(
  args: readonly string[],
  streams: GateStreams = OWN_STREAMS,
  compiled?: Compiled,
): Promise<number> {
  const [first = '', ...rest] = args;
  const name: GateCommand = first === 'watch' || first === 'refresh' ? first : 'gate';
  const words = name === 'gate' ? args : rest;
  try {
    const end = words.indexOf('--');
    if ((end < 0 ? words : words.slice(0, end)).some((word) => word === '--help' || word === '-h')) {
      streams.out(helpOf(name));
      return 0;
    }
    return await COMMANDS[name](words, streams, compiled);
  } catch (error) {
    streams.err(`${failureLine(name, sentenceOf(error))}\n`);
    return GATE_OUTCOMES.broken;
  }
}

type Run = (args: readonly string[], streams: GateStreams, compiled: Compiled | undefined) => Promise<number>;

const COMMANDS: Readonly<Record<GateCommand, Run>> = {
  gate: gateCommand,
  watch: (args, streams) => watchCommand(parseGate('watch', args), streams),
  refresh: (args, streams) => refreshCommand(parseGate('refresh', args), streams),
};

async function gateCommand(
  args: readonly string[],
  streams: GateStreams,
  compiled: Compiled | undefined,
): Promise<number> {
  const { files, command, isJson, has } = parseGate('gate', args);
  const toKeep = has('prepare') ? preparing(command, compiled) : undefined;
  const found = await checkGate(files);
  // Before the line of the journal: there is one, whatever happens.
  if (toKeep) {
    await atomicWrite(toKeep.path, toKeep.make(), { mode: 0o644 });
  }
  const report = orBroken(found, streams.err(`${journalLine(found)}\n`));
  if (command.length > 0) {
    return opens(report.outcome) ? execute(command) : report.exitCode;
  }
  if (isJson) {
    streams.out(`${reportJson(report)}\n`);
  }
  return report.exitCode;
}

/** @throws RegistryError `INPUT_INVALID` where nothing can be kept, or would never be taken */
function preparing(command: readonly string[], compiled: Compiled | undefined): Compiled {
  if (command.length > 0) {
    throw usage('--prepare runs no command: leave it out.');
  }
  if (!compiled) {
    throw usage('Only the gate as one file can be prepared: `npm run build` makes it.');
  }
  const why = compiled.whyUnused();
  if (why !== undefined) {
    throw usage(why);
  }
  return compiled;
}

function helpOf(name: GateCommand): string {
  const { usage, description, example, options } = GATE_COMMANDS[name];
  const call = name === 'gate' ? 'tracecal-gate' : `tracecal-gate ${name}`;
  const shown: readonly GateOption[] = [...options, { flags: '--help', what: 'print this' }];
  const width = Math.max(...shown.map(({ flags }) => flags.length));
  const codes = Object.entries(GATE_OUTCOMES).sort(([, one], [, other]) => one - other);
  return [
    `Usage: ${call} ${usage}`,
    '',
    description,
    ...(name === 'gate'
      ? ['Also: tracecal-gate watch, tracecal-gate refresh; and `tracecal gate ticket` of the whole command line.']
      : []),
    '',
    'Options:',
    ...shown.map(({ flags, what }) => `  ${flags.padEnd(width)}  ${what}`),
    '',
    ...(name === 'refresh'
      ? ['Exit codes: 0, or 109 where nothing was fetched.']
      : [
          'Exit codes: 0, or that of COMMAND, if the devices may be used (128 and the number of the signal that ended it). Else:',
          ...codes.map(([outcome, code]) => `  ${code}  ${outcome}`),
        ]),
    '',
    `Example: ${call} ${example}`,
    '',
  ].join('\n');
}
