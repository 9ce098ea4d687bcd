/**
 * Failures of the network that a command starts, stops or looks for, each with a sentence that says what to do, and the exit code. All
 * other failures keep the codes and sentences of the application and the packages below it.
 */
export const CLI_ERRORS = {
  DATA_NOT_EMPTY: {
    exit: 2,
    sentence: 'The demo needs an empty data directory: name one that is empty or does not exist.',
  },
  DATA_UNUSABLE: { exit: 2, sentence: 'The data directory cannot be used: name another with --data.' },
  ALREADY_RUNNING: {
    exit: 3,
    sentence: 'A network already runs in this data directory: stop it with `tracecal down`.',
  },
  NODES_LEFT: {
    exit: 3,
    sentence: 'Nodes of a network that was killed still run: end them with `tracecal down`.',
  },
  OTHER_ENGINE: {
    exit: 2,
    sentence:
      'The network in this data directory was made for another engine: leave --engine out, or use another directory.',
  },
  NOT_CONFIRMED: {
    exit: 2,
    sentence:
      'This cannot be undone, and nobody can be asked here: add --yes if that is what you want, or --dry-run to see what it would do.',
  },
  NOT_DELIVERED: { exit: 3, sentence: 'A notice was not delivered: it is kept, and comes again the next time.' },
  DECLINED: { exit: 2, sentence: 'Nothing was changed.' },
  NETWORK_START_FAILED: { exit: 3, sentence: 'The network could not be started.' },
  INTERRUPTED: { exit: 130, sentence: 'Interrupted.' },
  NFT_MISSING: {
    exit: 3,
    sentence:
      'There is no nft on PATH, so the loaded rules cannot be read: install the package nftables, or add the folder of nft (often /usr/sbin) to PATH.',
  },
  NFT_PRIVILEGE: {
    exit: 3,
    sentence:
      'Reading the loaded firewall needs the rights of an administrator (CAP_NET_ADMIN, CAP_SYS_ADMIN): use sudo.',
  },
  NFT_REFUSED: { exit: 3, sentence: 'nft failed.' },
  DISK_FULL: { exit: 3, sentence: 'The disk is full.' },
} as const;

export type CliErrorCode = keyof typeof CLI_ERRORS;

/** A failure of the command line; the message is one line that says what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;

  /** @param sentence - Says what is wrong here and what to do, in place of the general sentence. */
  constructor(code: CliErrorCode, sentence: string = CLI_ERRORS[code].sentence, options?: ErrorOptions) {
    super(sentence, options);
    this.code = code;
  }
}
