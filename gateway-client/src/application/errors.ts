/** What goes wrong in the application itself, with what to do about it. Failures of the SDK, the registry, certificates and keys keep their own codes and sentences. */
export const APPLICATION_ERRORS = {
  USAGE: 'Invalid usage: see --help.',
  INPUT_INVALID: 'The input is not accepted.',
  NOT_REGISTERED: 'No such thing is registered.',
  FILE_UNREADABLE: 'The file cannot be read: check its path and permissions.',
  FILE_UNWRITABLE: 'The file cannot be written: name another.',
  ALREADY_EXISTS: 'This id is registered already: choose another.',
  ORGANISATION_UNKNOWN: 'No such organisation is in the consortium.',
  SITE_UNKNOWN: 'No such site is in the consortium: name one with --site.',
  NOT_IN_CHANNEL: 'The organisation does not even see this channel: act as one that does.',
  OTHER_REGISTRY: 'This concerns another registry than the one that was founded here: nothing is signed for it.',
  NOT_THEIRS: 'The organisation that --as names cannot say this.',
  KEYS_MISSING: 'A key that has to sign is not in the data directory.',
  NETWORK_DOWN: 'No network answers.',
} as const;

export type ApplicationErrorCode = keyof typeof APPLICATION_ERRORS;

/** A failure of the application; the message is one line that says what to do. */
export class ApplicationError extends Error {
  override readonly name = 'ApplicationError';
  readonly code: ApplicationErrorCode;

  constructor(code: ApplicationErrorCode, detail?: string, options?: ErrorOptions) {
    const sentence = APPLICATION_ERRORS[code];
    super(detail === undefined ? sentence : `${sentence} ${detail}`, options);
    this.code = code;
  }
}
