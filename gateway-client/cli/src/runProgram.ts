import { failureLine, GATE_OUTCOMES } from '@tracecal/gateway-client/device';
import { Command, Help } from 'commander';
import type { CommanderError } from 'commander';
import type { Host } from './command.js';
import { ENVIRONMENT_WORDS } from './environment.js';
import { EXIT, EXIT_WORDS } from './exit.js';
import { hintsFor } from './hint.js';
import { styleFor } from './style.js';
import type { Style } from './style.js';
import { Terminal } from './terminal.js';
import type { Streams } from './terminal.js';
import { hanging } from './text/wrap.js';
import { usageSentence } from './usage.js';
import { versionOf } from './version.js';

/** Runs a program with these arguments. @returns The exit code. Nothing is thrown. */
export async function runProgram(
  args: readonly string[],
  streams: Streams,
  build: (host: Host) => Command,
): Promise<number> {
  let exitCode: number = EXIT.yes;
  const { call = 'tracecal' } = streams;
  const program = build({ streams, call, exit: (code) => (exitCode = code) });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    if (error.refusal.exitCode === 0) {
      return EXIT.yes;
    }
    const isGate = isBelowGate(error.command);
    if (isGate && error.command.name() !== 'ticket') {
      streams.stderr.write(`${failureLine(error.command.name(), error.refusal.message)}\n`);
      return GATE_OUTCOMES.broken;
    }
    const isJson = args.includes('--json');
    const terminal = new Terminal(streams, isJson, { colour: !args.includes('--no-color'), hint: hintsFor(call) });
    const message = usageSentence(error.refusal, error.command, terminal.errorStyle.hint);
    terminal.error(message, 'USAGE');
    if (isJson) {
      terminal.result({ error: { code: 'USAGE', message } }, () => '');
    }
    return isGate ? GATE_OUTCOMES.broken : EXIT.input;
  }
}

/** The gate and its commands have their own exit codes, also for words that are not understood. */
function isBelowGate(command: Command): boolean {
  const parent = command.parent;
  return parent !== null && ((command.name() === 'gate' && parent.parent === null) || isBelowGate(parent));
}

/** Commander ends the program here: it refused a call, or has shown help or the version. */
class UsageError extends Error {
  constructor(
    readonly refusal: CommanderError,
    readonly command: Command,
  ) {
    super(refusal.message, { cause: refusal });
  }
}

/** `tracecal` with these commands. */
export function programOf(host: Host, commandsOf: (program: Command) => readonly Command[]): Command {
  const { hint } = styleFor(host.streams.stdout, host.streams.environment, { hint: hintsFor(host.call) });
  const program = new Command('tracecal')
    .description('Calibration traceability to a National Metrology Institute, on a consortium ledger.')
    .version(versionOf(), '-v, --version')
    // Of options that `gate` and the commands below it have in common, each gets its own.
    .enablePositionalOptions()
    .addHelpText(
      'after',
      `\nStart with ${hint('demo')}, or ${hint('up')} for a network that stays.\n\nEnvironment:\n${linesOf(ENVIRONMENT_WORDS)}\n\nExit codes:\n${exitLines()}`,
    );
  commandsOf(program).forEach((command) => program.addCommand(command));
  inherit(program, host.streams);
  return program;
}

function linesOf(words: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(words).map((name) => name.length));
  return Object.entries(words)
    .map(([name, what]) => `  ${name.padEnd(width)}  ${what}`)
    .join('\n');
}

function exitLines(): string {
  return Object.entries(EXIT)
    .map(([name, code]) => `  ${code}  ${EXIT_WORDS[name as keyof typeof EXIT]}`)
    .join('\n');
}

/** Commander copies these settings only to commands that it makes itself. */
function inherit(command: Command, streams: Streams): void {
  const out = styleFor(streams.stdout, streams.environment);
  const err = styleFor(streams.stderr, streams.environment);
  command
    .configureHelp({
      minWidthToWrap: 20,
      // Every command has options.
      subcommandTerm: (child) => new Help().subcommandTerm(child).replace(' [options]', ''),
    })
    .exitOverride((refusal) => {
      throw new UsageError(refusal, command);
    })
    .configureOutput({
      writeOut: (text) => streams.stdout.write(helpText(text, out)),
      writeErr: (text) => streams.stderr.write(helpText(text, err)),
      // Said once, with the command that was meant: see runProgram.
      outputError: () => undefined,
      getOutHelpWidth: () => out.columns,
      getErrHelpWidth: () => err.columns,
    });
  command.commands.forEach((child) => {
    inherit(child, streams);
  });
}

/** Commander wraps its own lines; those that follow them are wrapped here. A line of an example in JSON stays as it is. */
function helpText(text: string, style: Style): string {
  return style
    .text(text)
    .split('\n')
    .flatMap((line) => {
      const [indent = ''] = /^ *(?:\d+ {2})?/.exec(line) ?? [];
      return /^\s*[[{}"\]]/.test(line)
        ? [line]
        : hanging(indent, line.slice(indent.length), style.columns, ' '.repeat(indent.length));
    })
    .join('\n');
}
