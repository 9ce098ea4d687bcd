import type { Argument, Command, Option } from 'commander';
import { pathOf } from '../usage.js';

/** Possible values at a place of a command line: words of a list, a file, or free text. */
export type Values = { readonly kind: 'words'; readonly words: readonly string[] } | { readonly kind: 'file' | 'any' };

export interface CompletedWord {
  readonly word: string;
  readonly about: string;
}

export interface CompletedOption extends CompletedWord {
  /** Undefined where it takes no value. */
  readonly value: Values | undefined;
}

/** A command or a group of commands, as a shell completes it. */
export interface CompletedCommand {
  /** Its words, without the program's name. */
  readonly path: string;
  readonly commands: readonly CompletedWord[];
  readonly options: readonly CompletedOption[];
  /** Values of its arguments: of the first one that is more specific than `any`. */
  readonly argument: Values;
}

/** Everything that can be completed, derived from the commands themselves, so nothing is listed twice or forgotten. */
export function commandTree(command: Command): readonly CompletedCommand[] {
  const help = command.createHelp();
  const children = help.visibleCommands(command);
  const own: CompletedCommand = {
    path: pathOf(command),
    commands: children.map((child) => ({ word: child.name(), about: child.summary() || child.description() })),
    options: help.visibleOptions(command).map(completedOption),
    argument: command.registeredArguments.map(valuesOf).find(({ kind }) => kind !== 'any') ?? { kind: 'any' },
  };
  return [own, ...command.commands.flatMap(commandTree)];
}

function completedOption(option: Option): CompletedOption {
  const takesValue = option.required || option.optional;
  return {
    word: option.long ?? option.flags,
    about: option.description,
    value: takesValue ? (fileOf(option.flags) ?? choicesOf(option)) : undefined,
  };
}

function valuesOf(argument: Argument): Values {
  return fileOf(argument.name()) ?? choicesOf(argument);
}

function choicesOf({ argChoices }: Pick<Option, 'argChoices'>): Values {
  return argChoices ? { kind: 'words', words: argChoices } : { kind: 'any' };
}

/** Names in a usage that mean a file. */
function fileOf(usage: string): Values | undefined {
  return /(?:^|[<[])(?:file|folder|certificate|request)s?(?:\.\.\.)?(?:$|[>\]])/.test(usage)
    ? { kind: 'file' }
    : undefined;
}
