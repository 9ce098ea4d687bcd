import { GATE_COMMANDS, runGate } from '@tracecal/gateway-client/device';
import type { GateCommand, GateOption, GateStreams } from '@tracecal/gateway-client/device';
import { Command, Option } from 'commander';
import type { Host } from '../command.js';
import type { Streams } from '../terminal.js';

/**
 * `tracecal gate` and the commands below it. They read their own words, so that nothing but the gate decides what a word means and which
 * exit code there is; what they are called with is listed here for help and completion. The program skips all of this where it can.
 */
export function gate(host: Host): Command {
  return gateCommandOf('gate', host)
    .enablePositionalOptions()
    .addCommand(gateCommandOf('watch', host))
    .addCommand(gateCommandOf('refresh', host));
}

function gateCommandOf(name: GateCommand, host: Host): Command {
  const { description, example, options } = GATE_COMMANDS[name];
  const call = name === 'gate' ? 'gate' : `gate ${name}`;
  const command = new Command(name)
    .description(description)
    .argument('[device]')
    .argument('[command...]', 'after --: what is run')
    .allowUnknownOption()
    .addHelpText(
      'after',
      `\n${name === 'refresh' ? 'Exit codes: 0, or 109 where nothing was fetched.' : 'Exit codes: 0, that of the command, or 100 to 109.'}\n\nExample: ${host.call} ${call} ${example}`,
    );
  options.forEach((option) => command.addOption(optionOf(option)));
  return command.action(async () => {
    const { streams } = host;
    const words = wordsBelow(rootOf(command));
    // The process's own output is written by the gate, which has to know whether its line is out.
    const isOwn = streams.stderr === process.stderr && streams.stdout === process.stdout;
    host.exit(await (isOwn ? runGate(words) : runGate(words, streamsFor(streams))));
  });
}

function streamsFor({ stdout, stderr }: Streams): GateStreams {
  return {
    out: (text) => void stdout.write(text),
    err(text) {
      stderr.write(text);
      return true;
    },
  };
}

export function optionOf({ flags, what, choices }: GateOption): Option {
  const option = new Option(flags, what);
  return choices === undefined ? option : option.choices(choices);
}

/** The words after `gate`, as they were typed: none is left out that would close the gate. */
function wordsBelow(program: Command & { rawArgs?: readonly string[] }): readonly string[] {
  const typed = program.rawArgs ?? [];
  return typed.slice(typed.indexOf('gate') + 1);
}

function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command;
}
