import { DEFAULT_TIMEOUT_MS } from '@tracecal/gateway-client';
import { ApplicationError, withStandardInput } from '@tracecal/gateway-client/application';
import { Command } from 'commander';
import { actingOptions, actorOf } from './actingOptions.js';
import type { Acting, ActingOptions } from './actingOptions.js';
import { DataDirectory } from './data/dataDirectory.js';
import { given } from './environment.js';
import { aboutData, reportFailure } from './failure.js';
import { hintsFor } from './hint.js';
import { timeout } from './parse.js';
import type { Place } from './session.js';
import { Terminal } from './terminal.js';
import type { Streams } from './terminal.js';

/** Input of every command besides its own arguments. */
export interface Invocation extends Place {
  readonly terminal: Terminal;
  /** Whether the user set the time limit. If not, some commands use their own. */
  readonly timeoutGiven: boolean;
}

/** One command: its words, and what it does. It returns the exit code. */
export interface CommandSpec<Options> extends Acting {
  /** `trace <device>`, in commander's notation. */
  readonly usage: string;
  readonly description: string;
  /** How it is called, for its help: without `tracecal`. */
  readonly example: string;
  /** Help of `--data`, if it differs from the usual text. */
  readonly dataHelp?: string;
  /** The exit code where it fails, if it is another than that of the error. */
  readonly failureExit?: number;
  readonly configure?: (command: Command) => Command;
  run(invocation: Invocation, args: readonly string[], options: Options): Promise<number>;
}

/** Where a command runs, and where its exit code goes. */
export interface Host {
  readonly streams: Streams;
  /** How the user calls this program. */
  readonly call: string;
  exit(code: number): void;
}

interface CommonOptions extends ActingOptions {
  readonly timeout?: number;
  readonly json?: boolean;
  /** `--no-color` makes it false. */
  readonly color: boolean;
}

/** Makes a command with the options that all commands have. */
export function commandOf<Options>(spec: CommandSpec<Options>, host: Host): Command {
  const command = new Command(spec.usage.split(' ')[0])
    .description(spec.description)
    .summary(firstSentence(spec.description))
    .option('--data <folder>', spec.dataHelp ?? DATA_HELP);
  actingOptions(command, spec);
  command
    .option(
      '--timeout <seconds>',
      'how long the network may take to answer, like 5 or 30s (default: TRACECAL_TIMEOUT, or 10s)',
      timeout,
    )
    .option('--json', 'print one JSON document on stdout')
    .option('--no-color', 'print without colours, as with NO_COLOR')
    .addHelpText('after', `\nExample: ${host.call} ${spec.example}`);
  for (const argument of spec.usage.split(' ').slice(1)) {
    command.argument(argument);
  }
  (spec.configure ?? ((same) => same))(command);
  return command.action(async () => {
    const common = command.opts<CommonOptions>();
    const { stdin, environment } = host.streams;
    const hint = hintsFor(host.call, common, rootOf(command));
    const terminal = new Terminal(host.streams, common.json === true, { colour: common.color, hint });
    const data = new DataDirectory(common.data, environment);
    try {
      data.requireOwn();
      const place = { data, ...actorOf(common, spec, environment), ...timeoutOf(common, environment) };
      const run = () => spec.run({ terminal, ...place }, command.args, command.opts() as Options);
      host.exit(await withStandardInput(stdin, run));
    } catch (error) {
      const code = reportFailure(aboutData(error, data.root), terminal, command);
      host.exit(spec.failureExit ?? code);
    }
  });
}

const DATA_HELP = 'directory of the network and your keys (default: .tracecal, or TRACECAL_DATA)';
function timeoutOf(
  { timeout: said }: CommonOptions,
  environment: NodeJS.ProcessEnv,
): Pick<Invocation, 'timeoutGiven' | 'timeoutMs'> {
  const usual = given(environment, 'TRACECAL_TIMEOUT');
  try {
    const timeoutMs = said ?? (usual === undefined ? undefined : timeout(usual));
    return { timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS, timeoutGiven: timeoutMs !== undefined };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ApplicationError('USAGE', `TRACECAL_TIMEOUT is ${JSON.stringify(usual)}. ${why}`, { cause });
  }
}

function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command;
}

/** For a list of commands. */
function firstSentence(description: string): string {
  return /^.*?[.?](?= |$)/.exec(description)?.[0] ?? description;
}

/** A command that only has others below it: `device add`. */
export function groupOf(name: string, description: string, commands: readonly Command[]): Command {
  const group = new Command(name).description(description);
  commands.forEach((command) => group.addCommand(command));
  return group;
}
