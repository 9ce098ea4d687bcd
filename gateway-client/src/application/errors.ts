/**
 * Errors of the application itself, each with a general sentence for cases without details. Failures of the SDK, the registry, certificates
 * and keys keep their own codes and sentences.
 */
export const APPLICATION_ERRORS = {
  USAGE: 'Invalid usage.',
  INPUT_INVALID: 'The input is not accepted.',
  NOT_REGISTERED: 'No such thing is registered.',
  FILE_UNREADABLE: 'The file cannot be read: check its path and permissions.',
  FILE_UNWRITABLE: 'The file cannot be written: name another.',
  WRITING_FAILED: 'The disk takes nothing more: make room or repair it, and go on.',
  ALREADY_EXISTS: 'This id is registered already: choose another.',
  ORGANISATION_UNKNOWN: 'No such organisation is in the consortium.',
  SITE_UNKNOWN: 'No such site is in the consortium: name one with --site.',
  NOT_IN_CHANNEL: 'The organisation has no access to this channel: use --as with one of its members.',
  OTHER_REGISTRY: 'This is for another registry than the one that was founded here: nothing is signed.',
  NOT_THEIRS: 'The organisation that --as names cannot say this.',
  KEYS_MISSING: 'A key that has to sign is not in the data directory.',
  NETWORK_DOWN: 'No network answers.',
} as const;

export type ApplicationErrorCode = keyof typeof APPLICATION_ERRORS;

/** A failure of the application; the message is one line that says what is wrong and what to do. */
export class ApplicationError extends Error {
  override readonly name = 'ApplicationError';
  readonly code: ApplicationErrorCode;

  /** @param sentence - Says what is wrong here and what to do, in place of the general sentence. */
  constructor(code: ApplicationErrorCode, sentence: string = APPLICATION_ERRORS[code], options?: ErrorOptions) {
    super(sentence, options);
    this.code = code;
  }
}
