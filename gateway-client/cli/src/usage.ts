import { printable } from '@tracecal/gateway-client';
import type { Command, CommanderError } from 'commander';
import type { Paint } from './style.js';

/** Commander's sentences, and ours for them: one way to say what is wrong and what to do. */
const SENTENCES: readonly (readonly [theirs: RegExp, ours: string])[] = [
  [/^missing required argument '(.+)'$/, 'Argument <$1> is missing.'],
  [/^option '(\S+).*' argument missing$/, 'Option $1 needs a value.'],
  [/^required option '(.+)' not specified$/, 'Option $1 is required.'],
  [/^option '(\S+).*' cannot be used with option '(\S+).*'$/, 'Give either $1 or $2.'],
  [/^unknown option '(.+)'$/, 'There is no option $1.'],
  [/^unknown command '(.+)'$/, 'There is no command "$1".'],
  [/^too many arguments.* Expected (\d+) arguments? but got (\d+).*$/, 'Too many arguments: expected $1, got $2.'],
  [/^option '(\S+).*' argument '(.*)' is invalid\. (.+)$/, 'Invalid $1 "$2". $3'],
  [/^command-argument value '(.*)' is invalid for argument '(.+)'\. (.+)$/, 'Invalid <$2> "$1". $3'],
];

/** What is wrong with a call that commander refused, and where its help is. */
export function usageSentence(error: CommanderError, command: Command, hint: Paint): string {
  return withHelp(error.code === 'commander.help' ? 'Name a command.' : refusal(error.message), command, hint);
}

/** Says after what is wrong where help is; once. */
export function withHelp(sentence: string, command: Command, hint: Paint): string {
  return /--help\b/.test(sentence) ? sentence : `${sentence} See ${hint(`${pathOf(command)} --help`.trimStart())}.`;
}

function refusal(message: string): string {
  const [said = '', suggestion = ''] = message.replace(/^error: /, '').split('\n');
  const [theirs, ours] = SENTENCES.find(([pattern]) => pattern.test(said)) ?? [];
  const sentence = theirs ? said.replace(theirs, ours ?? '') : `${said.charAt(0).toUpperCase()}${said.slice(1)}`;
  const meant = suggestion.replace(/^\((.*)\)$/, ' $1');
  return printable(`${sentence.replace(/Allowed choices are (.+)\.$/, 'Give one of $1.')}${meant}`);
}

/** The words of a command, without the program's name. */
export function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}`.trim() : '';
}
