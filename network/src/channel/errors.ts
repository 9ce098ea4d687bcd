export type ChannelErrorCode =
  | 'BAD_POLICY'
  | 'BAD_TEMPLATE'
  | 'UNKNOWN_ORGANISATION'
  | 'MISSING_MATERIAL'
  | 'MALFORMED_BLOCK'
  | 'NO_CHANGE'
  | 'BAD_UPDATE'
  | 'UPDATE_REFUSED';

/** Why a channel's configuration could not be made, read or changed. The `code` is stable; the message is one sentence. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly code: ChannelErrorCode;

  constructor(code: ChannelErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
