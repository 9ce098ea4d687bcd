import { resolve, sep } from 'node:path';
import { RegistryError } from '@tracecal/core/model';
import { TraceCalError } from '@tracecal/gateway-client';
import { ApplicationError, describeFailure } from '@tracecal/gateway-client/application';
import type { Failure } from '@tracecal/gateway-client/application';
import { BackupError } from '@tracecal/network/backup';
import { diskFull } from '@tracecal/network/engine';
import { MemberError } from '@tracecal/network/member';
import { ProposalError } from '@tracecal/network/proposal';
import type { Command } from 'commander';
import { CliError } from './errors.js';
import { exitOfError } from './exit.js';
import { spellHints } from './hint.js';
import type { Paint } from './style.js';
import { word } from './text/quoted.js';
import type { Terminal } from './terminal.js';
import { withHelp } from './usage.js';

/** Reports a failure on stderr for people, and with `--json` on stdout too, and returns the exit code. */
export function reportFailure(error: unknown, terminal: Terminal, command: Command): number {
  const failure = failureOf(error, command, terminal.errorStyle.hint);
  // The user who interrupted a command needs no message.
  if (failure.code === 'INTERRUPTED') {
    terminal.quiet();
  } else {
    terminal.error(failure.message, failure.code);
  }
  if (failure.txId !== undefined && failure.code === 'OUTCOME_UNKNOWN') {
    const question = terminal.errorStyle.hint(`outcome ${failure.txId}`);
    terminal.warn(`          Ask with ${question}; for a site's channel add --level and --site.`);
  }
  if (terminal.isJson) {
    terminal.result({ error: failure }, () => '');
  }
  return exitOfError(error);
}

function failureOf(error: unknown, command: Command, hint: Paint): Failure {
  const failure = describeFailure(error);
  const spelled = spellHints(isSentence(error) ? failure.message : sentence(failure.message), hint);
  return { ...failure, message: failure.code === 'USAGE' ? withHelp(spelled, command, hint) : spelled };
}

/** Messages of the application and of files are written as sentences: what they begin with, as a file's name, keeps its case. */
function isSentence(error: unknown): boolean {
  return (
    error instanceof ApplicationError ||
    error instanceof CliError ||
    error instanceof MemberError ||
    error instanceof ProposalError ||
    error instanceof BackupError ||
    (error instanceof RegistryError && error.code === 'JSON_INVALID')
  );
}

/** Turns system errors in the data directory into errors that say what to do; other errors stay as they are. */
export function aboutData(given: unknown, root: string): unknown {
  const { error, place } = systemErrorIn(given);
  if (!(error instanceof Error && 'code' in error)) {
    return given;
  }
  if (place !== undefined && place !== root && !place.startsWith(`${root}${sep}`)) {
    return given;
  }
  switch (error.code) {
    // The error of a write does not name the file.
    case 'ENOSPC':
    case 'EDQUOT':
      return new CliError('DISK_FULL', diskFull(root), { cause: error });
    case 'EACCES':
    case 'EPERM': {
      if (place === undefined) return given;
      const why = `${place} belongs to another user, perhaps to root: \`sudo chown -R "$(id -u)" ${word(root)}\` takes it over.`;
      return new CliError('DATA_UNUSABLE', why, { cause: error });
    }
    default:
      return given;
  }
}

/** What the system said, and of which file: the SDK wraps it in an error of its own. */
function systemErrorIn(error: unknown): { readonly error: unknown; readonly place: string | undefined } {
  if (error instanceof TraceCalError && error.code === 'FILE_UNWRITABLE') {
    return { error: error.cause, place: error.detail && resolve(error.detail) };
  }
  return { error, place: error instanceof Error ? placeOf(error) : undefined };
}

/** Path at which a system call failed, if the error names it. */
function placeOf(error: Error): string | undefined {
  if ('dest' in error) {
    return String(error.dest);
  }
  return 'path' in error ? String(error.path) : undefined;
}

/** The registry's messages begin in lower case, as parts of sentences; file names keep their case. */
function sentence(text: string): string {
  if (!/^[a-z]+[ ,;]/.test(text)) {
    return text;
  }
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
