export type AccessErrorCode =
  | 'MALFORMED_IDENTITY'
  | 'UNKNOWN_MSP'
  | 'UNTRUSTED_CERTIFICATE'
  | 'EXPIRED'
  | 'REVOKED'
  | 'BAD_SIGNATURE'
  | 'HIGH_S'
  | 'MALFORMED_CONFIG';

export interface AccessErrorDetails {
  /**
   * The MSP that recognised the identity as its own, if one did. Fabric names the organisation in its refusal only in that
   * case.
   */
  readonly mspId?: string;
  readonly cause?: unknown;
}

/** Why an identity, a signature or a configuration was refused. The `code` is stable; the message is one sentence. */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  readonly code: AccessErrorCode;
  readonly mspId: string | undefined;

  constructor(code: AccessErrorCode, message: string, details: AccessErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.mspId = details.mspId;
  }
}

/**
 * The text of a Fabric peer that refuses a client. It names the organisation if its MSP recognised the certificate, and
 * never more, so that the answer does not help anybody forge a better identity.
 */
export function denialText(channelId: string, error: AccessError): string {
  if (error.code === 'EXPIRED') return error.message;
  return error.mspId === undefined
    ? `access denied: channel [${channelId}] creator org unknown, creator is malformed`
    : `access denied: channel [${channelId}] creator org [${error.mspId}]`;
}
