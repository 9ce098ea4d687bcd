/**
 * What goes wrong in the command line itself, with what to do about it, and the exit code. Failures of the SDK, the registry,
 * certificates and keys keep their own codes and sentences.
 */
export const CLI_ERRORS = {
  USAGE: { exit: 2, sentence: 'Invalid usage: see --help.' },
  INPUT_INVALID: { exit: 2, sentence: 'The input is not accepted.' },
  NOT_REGISTERED: { exit: 6, sentence: 'No such thing is registered.' },
  FILE_UNREADABLE: { exit: 2, sentence: 'The file cannot be read: check its path and permissions.' },
  FILE_UNWRITABLE: { exit: 2, sentence: 'The file cannot be written: name another.' },
  DATA_NOT_EMPTY: {
    exit: 2,
    sentence: 'The demo needs a data directory of its own: name one that is empty or does not exist.',
  },
  DATA_UNUSABLE: { exit: 2, sentence: 'The data directory cannot be used: name another with --data.' },
  ALREADY_EXISTS: { exit: 7, sentence: 'This id is registered already: choose another.' },
  ORGANISATION_UNKNOWN: { exit: 2, sentence: 'No such organisation is in the consortium.' },
  SITE_UNKNOWN: { exit: 2, sentence: 'No such site is in the consortium: name one with --site.' },
  NOT_IN_CHANNEL: { exit: 2, sentence: 'The organisation does not even see this channel: act as one that does.' },
  OTHER_REGISTRY: {
    exit: 2,
    sentence: 'This concerns another registry than the one that was founded here: nothing is signed for it.',
  },
  NOT_THEIRS: { exit: 2, sentence: 'The organisation that --as names cannot say this.' },
  KEYS_MISSING: { exit: 2, sentence: 'A key that has to sign is not in the data directory.' },
  ALREADY_RUNNING: {
    exit: 3,
    sentence: 'A network already runs in this data directory: stop it with `tracecal down`.',
  },
  NETWORK_DOWN: { exit: 3, sentence: 'No network is running here: start one with `tracecal up`.' },
  OTHER_ENGINE: {
    exit: 2,
    sentence:
      'The network in this data directory was made for another engine: leave --engine away, use another directory, or `tracecal reset` it.',
  },
  NOT_CONFIRMED: {
    exit: 2,
    sentence: 'This deletes ledgers, keys and certificates for good: say --yes if that is what you want.',
  },
  NETWORK_START_FAILED: { exit: 3, sentence: 'The network could not be started.' },
  INTERRUPTED: { exit: 3, sentence: 'Interrupted.' },
  NETWORK_STUCK: { exit: 3, sentence: 'The network does not stop.' },
} as const;

export type CliErrorCode = keyof typeof CLI_ERRORS;

/** A failure of the command line; the message is one line that says what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;

  constructor(code: CliErrorCode, detail?: string, options?: ErrorOptions) {
    const { sentence } = CLI_ERRORS[code];
    super(detail === undefined ? sentence : `${sentence} ${detail}`, options);
    this.code = code;
  }
}
