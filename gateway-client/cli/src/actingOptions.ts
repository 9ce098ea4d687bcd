import { Option } from 'commander';
import type { Command } from 'commander';
import { given } from './environment.js';
import type { Place } from './session.js';

/** How a command uses an organisation. */
export interface Acting {
  /**
   * Which options for the acting organisation the command takes: none, only those for a network in the data directory, or all (absent).
   * Options that would have no effect are rejected.
   */
  readonly acting?: 'none' | 'in-data';
  /** Whether it only reads in the organisation's name. */
  readonly reads?: true;
}

/** Options for the acting organisation, with the data directory in which its keys are. */
export interface ActingOptions {
  readonly data?: string;
  readonly as?: string;
  readonly profile?: string;
}

/** `--as` of a command that only reads: its next call can have the same organisation, whereas signing may need another one. */
class ReaderOption extends Option {}

/** Whether a command only reads in the name of the organisation that it is given. */
export function isReader(command: Command): boolean {
  return command.options.some((option) => option instanceof ReaderOption);
}

const AS_HELP =
  'organisation to act as: its officer signs, its identity reads (default: TRACECAL_AS, or one that may, if its keys are here)';
const READER_HELP =
  'organisation whose identity reads (default: TRACECAL_AS, or one that may, if its identity is here)';

export function actingOptions(command: Command, { acting, reads }: Acting): void {
  if (acting === 'none') {
    return;
  }
  command.addOption(
    reads ? new ReaderOption('--as <organisation>', READER_HELP) : new Option('--as <organisation>', AS_HELP),
  );
  if (acting === undefined) {
    command.option(
      '--profile <file>',
      'connection profile of the acting organisation, for a network that is not in the data directory (default: TRACECAL_PROFILE, unless --data is given)',
    );
  }
}

/** The command line takes precedence over the environment, which all commands of a shell share. */
export function actorOf(
  { as, profile, data }: ActingOptions,
  { acting }: Acting,
  environment: NodeJS.ProcessEnv,
): Pick<Place, 'as' | 'profile'> {
  return {
    as: acting === 'none' ? undefined : (as ?? given(environment, 'TRACECAL_AS')),
    profile:
      acting === undefined
        ? (profile ?? (data === undefined ? given(environment, 'TRACECAL_PROFILE') : undefined))
        : undefined,
  };
}
