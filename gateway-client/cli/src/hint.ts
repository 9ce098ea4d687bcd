import { existsSync } from 'node:fs';
import { basename, delimiter, dirname, join, relative, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { isReader } from './actingOptions.js';
import { word } from './text/quoted.js';
import type { Paint } from './style.js';

/** Options of this call that the next one needs too, as the user gave them. */
export interface RepeatedOptions {
  readonly data?: string;
  readonly profile?: string;
  readonly as?: string;
}

/**
 * Names commands in hints so that the user can type them.
 *
 * @param name - How this program was called.
 * @param given - Options of this call: a hint repeats them.
 * @param program - All commands: a hint repeats no profile to a command that does not take one, and the organisation only to one that
 *   reads. Without them, a hint repeats every profile and no organisation.
 */
export function hintsFor(name: string, given: RepeatedOptions = {}, program?: Command): Paint {
  return (command) => {
    const named = program && commandIn(program, command);
    const options = [
      ...option(command, '--data', given.data),
      ...(named === undefined || takesProfile(named) ? option(command, '--profile', given.profile) : []),
      ...(named !== undefined && isReader(named) ? option(command, '--as', given.as) : []),
    ];
    return `\`${[name, command, ...options].join(' ')}\``;
  };
}

/** The command that a line calls. */
function commandIn(program: Command, line: string): Command {
  let named = program;
  for (const word of line.split(' ')) {
    named = named.commands.find((each) => each.name() === word) ?? named;
  }
  return named;
}

function takesProfile(command: Command): boolean {
  return command.options.some(({ long }) => long === '--profile');
}

function option(command: string, name: string, value: string | undefined): readonly string[] {
  const isOpen = value !== undefined && !/(?:^| )--help\b/.test(command) && !command.includes(`${name} `);
  return isOpen ? [name, word(value)] : [];
}

/** Error messages are written without knowing how the user called the program: they contain `tracecal down` and the like. */
export function spellHints(sentence: string, hint: Paint): string {
  return sentence.replaceAll(/`tracecal ([^`]+)`/g, (_, command: string) => hint(command));
}

/**
 * How a user calls this program: `npx tracecal` in a checkout of the project, `tracecal` where it is on PATH, else its path. Outside a
 * checkout, npx would run any package of that name from the npm registry.
 *
 * @param script - Path by which Node was started.
 */
export function callOf(script: string, environment: NodeJS.ProcessEnv, folder: string): string {
  const checkout = checkoutRoot();
  if (checkout !== undefined && !isOutside(relative(checkout, folder))) {
    return 'npx tracecal';
  }
  // npm prepends folders to PATH that the user's own shell does not have.
  const path = environment['npm_command'] === undefined ? (environment['PATH'] ?? '') : '';
  if (path.split(delimiter).some((each) => each !== '' && resolve(folder, each) === dirname(script))) {
    return basename(script).replace(/\.\w+$/, '');
  }
  const shown = relative(folder, script);
  const file = word(isOutside(shown) ? script : shown.includes(sep) ? shown : `.${sep}${shown}`);
  return /\.[cm]?js$/.test(script) ? `node ${file}` : file;
}

function isOutside(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || resolve(path) === path;
}

/** The checkout that this program is a part of; undefined where it was installed as a package. */
function checkoutRoot(): string | undefined {
  const root = resolve(dirname(require.resolve('@tracecal/cli/package.json')), '..', '..');
  return !root.includes(`${sep}node_modules${sep}`) && existsSync(join(root, 'package-lock.json')) ? root : undefined;
}
