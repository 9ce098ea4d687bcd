import type { Command } from 'commander';
import { CliError } from '../errors.js';
import { EXIT } from '../exit.js';
import { spellHints } from '../hint.js';
import type { Terminal } from '../terminal.js';

/** Options of every command that cannot be undone. */
export interface Confirmation {
  readonly yes?: true;
  readonly dryRun?: true;
}

/** Most devices that are counted before a user is asked: the question must come soon. */
export const MOST_COUNTED = 10_000;

export function confirmationOptions(command: Command): Command {
  return command
    .option('--dry-run', 'say what it would do, and do nothing')
    .option('--yes', 'do not ask (needed where no person can be asked: in scripts, and with --json)');
}

/** What a user has said about it, among other options. */
export function confirmationIn({ yes, dryRun }: { [Name in keyof Confirmation]?: true | undefined }): Confirmation {
  return { ...(yes && { yes }), ...(dryRun && { dryRun }) };
}

/**
 * Rejects a command that cannot be undone before it does any work, if no person can be asked.
 * @throws CliError `NOT_CONFIRMED`
 */
export function requireAskable({ canAsk }: Terminal, { yes, dryRun }: Confirmation): void {
  if (!yes && !dryRun && !canAsk) {
    throw new CliError('NOT_CONFIRMED');
  }
}

/**
 * Continues only with `--yes`, or after a person agreed.
 *
 * @param question - Says what will be lost, in a sentence that ends before "Go on?". Called only if the user is asked.
 * @throws CliError `NOT_CONFIRMED` if nobody can be asked, `DECLINED` if they decline
 */
export async function requireConfirmed(
  terminal: Terminal,
  confirmation: Confirmation,
  question: () => Promise<string> | string,
): Promise<void> {
  requireAskable(terminal, confirmation);
  if (!confirmation.yes && !(await terminal.ask(`${await question()} Go on?`))) {
    throw new CliError('DECLINED');
  }
}

/** Reports what a command would do, and that nothing was changed. @returns The exit code */
export function tellDryRun(terminal: Terminal, document: object, text: string): number {
  terminal.result(
    { dryRun: true, ...document },
    ({ hint }) => `${spellHints(text, hint)}\nNothing was changed: this was a dry run.`,
  );
  return EXIT.yes;
}
