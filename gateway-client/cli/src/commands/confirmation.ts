import type { Command } from 'commander';
import { CliError } from '../errors.js';
import type { Terminal } from '../terminal.js';

/** What every command takes that cannot be undone. */
export interface Confirmation {
  readonly yes?: true;
  readonly dryRun?: true;
}

export function confirmationOptions(command: Command): Command {
  return command
    .option('--dry-run', 'say what it would do, and do nothing')
    .option('--yes', 'do not ask (needed where no person can be asked: in scripts, and with --json)');
}

/** Stops what cannot be undone before any work is done for it, where nobody can be asked. @throws CliError `NOT_CONFIRMED` */
export function requireAskable({ canAsk }: Terminal, { yes, dryRun }: Confirmation): void {
  if (!yes && !dryRun && !canAsk) {
    throw new CliError('NOT_CONFIRMED');
  }
}

/**
 * Goes on only with `--yes`, or once a person has said so.
 *
 * @param question - What they are asked: what will be lost, in a sentence that ends before "Go on?". Made only if it is asked.
 * @throws CliError `NOT_CONFIRMED` where nobody can be asked, `DECLINED`
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
