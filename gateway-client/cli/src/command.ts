import { Command } from 'commander';
import { DataDirectory } from './data/dataDirectory.js';
import { aboutData, reportFailure } from './failure.js';
import { Terminal } from './terminal.js';
import type { Streams } from './terminal.js';

/** What every command gets beside its own arguments. */
export interface Invocation {
  readonly terminal: Terminal;
  readonly data: DataDirectory;
  /** Where `-` in the place of a file reads from. */
  readonly input: NodeJS.ReadableStream | undefined;
  /** The organisation that acts, if the user chose one. */
  readonly as: string | undefined;
}

/** One command: its words, and what it does. It returns the exit code. */
export interface CommandSpec<Options> {
  /** `trace <device>`, in commander's notation. */
  readonly usage: string;
  readonly description: string;
  /** How it is called, for its help: without `tracecal`. */
  readonly example: string;
  readonly configure?: (command: Command) => Command;
  run(invocation: Invocation, args: readonly string[], options: Options): Promise<number>;
}

/** Where a command runs, and where its exit code goes. */
export interface Host {
  readonly streams: Streams;
  exit(code: number): void;
}

interface CommonOptions {
  readonly data?: string;
  readonly as?: string;
  readonly json?: boolean;
}

/** Makes a command with the options that all have. */
export function commandOf<Options>(spec: CommandSpec<Options>, host: Host): Command {
  const command = new Command(spec.usage.split(' ')[0])
    .description(spec.description)
    .option('--data <folder>', 'where the network and your keys lie (default: .tracecal, or TRACECAL_DATA)')
    .option(
      '--as <organisation>',
      'who acts: whose officer signs, whose identity reads (default: whoever may, if their keys are here)',
    )
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', `\nExample: tracecal ${spec.example}`);
  for (const argument of spec.usage.split(' ').slice(1)) {
    command.argument(argument);
  }
  (spec.configure ?? ((same) => same))(command);
  return command.action(async () => {
    const common = command.opts<CommonOptions>();
    const terminal = new Terminal(host.streams, common.json === true);
    const data = new DataDirectory(common.data, host.streams.environment);
    try {
      data.requireOwn();
      const { stdin: input } = host.streams;
      host.exit(await spec.run({ terminal, data, input, as: common.as }, command.args, command.opts() as Options));
    } catch (error) {
      host.exit(reportFailure(aboutData(error, data.root), terminal));
    }
  });
}

/** A command that only has others below it: `device add`. */
export function groupOf(name: string, description: string, commands: readonly Command[]): Command {
  const group = new Command(name).description(description);
  commands.forEach((command) => group.addCommand(command));
  return group;
}
