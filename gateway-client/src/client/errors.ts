import type { RegistryErrorCode } from '@tracecal/core/model';
import { printable } from './printable.js';

/**
 * Every failure of the client itself, with a sentence that says what to do about it. Codes are API: they never change
 * meaning. A refusal by the registry keeps the registry's own code and sentence.
 */
export const CLIENT_ERRORS = {
  PROFILE_INVALID:
    'The connection profile cannot be used: give the JSON file that the network wrote for your organisation.',
  IDENTITY_INVALID: 'The client identity cannot be used: give a user folder of a crypto-config tree.',
  KEY_EXPOSED: 'The private key file can be read by others: take their permissions away (chmod 600) and try again.',
  KEY_INVALID: 'The private key cannot be used: give an unencrypted ECDSA P-256 key in PEM form.',
  SIGNER_INVALID: 'The signature does not verify: the signer and its certificate do not belong together.',
  SIGNER_MISSING: 'A signature is missing: have everybody sign whose signature the statement needs.',
  CHECKPOINT_INVALID: 'The checkpoint file cannot be used: remove it to start over.',
  TRUST_MISSING: 'There is no trust file: name the roots that you trust with `tracecal trust add NAME CERTIFICATE`.',
  TRUST_INVALID: 'The trust file cannot be used: correct it, or ask for a new one where you have it from.',
  TRUST_UNCHANGED: 'The trust file was not changed.',
  UNAVAILABLE: 'The network cannot be reached: check that it is running and that the address is right.',
  GATEWAY_UNTRUSTED:
    "The gateway's TLS certificate is not accepted: check the TLS authority and the address in the connection profile, the certificate's validity and the clock of this machine.",
  NOT_READY:
    'The network is not ready for this yet: wait a few seconds and try again. If it stays so, check the names of the channel and the chaincode.',
  TIMED_OUT: 'The network did not answer in time: try again.',
  CANCELLED: 'The call was cancelled.',
  CLIENT_CLOSED: 'This client is closed: connect again.',
  NOT_PERMITTED: 'The channel does not allow your organisation to do this: act as a member that may.',
  IDENTITY_REFUSED:
    'The network does not accept your identity: check its certificate, its validity and its organisation.',
  CLOCK_WRONG: 'The network refused the time of the request: set the clock of this machine.',
  ENDORSEMENTS_DIFFER:
    'The endorsing peers came to different results every time: check that all run the same chaincode version.',
  CHAINCODE_UNAVAILABLE: 'The chaincode cannot be run on this channel: check its name, its definition and its service.',
  CHAINCODE_ERROR: 'The chaincode refused the request.',
  MVCC_READ_CONFLICT: 'Another transaction changed what this one had read; nothing was written: try again.',
  PHANTOM_READ_CONFLICT: 'Another transaction changed a range that this one had read; nothing was written: try again.',
  ENDORSEMENT_POLICY_FAILURE: 'The endorsements do not satisfy the policy of what was written; nothing was written.',
  DUPLICATE_TXID: 'A transaction with this id is already on the ledger; nothing was written a second time.',
  TRANSACTION_INVALID: 'The peers marked the transaction as invalid; nothing was written.',
  NETWORK_FAILED: 'The network could not carry out the request.',
  OUTCOME_UNKNOWN:
    'Whether the transaction was committed is not known yet: ask for its outcome by its id before doing it again.',
  ANSWER_INVALID:
    'The answer of the network cannot be understood: check that client and chaincode have the same version.',
} as const;

export type ClientErrorCode = keyof typeof CLIENT_ERRORS;
export type TraceCalErrorCode = ClientErrorCode | RegistryErrorCode;

export interface TraceCalErrorOptions extends ErrorOptions {
  /** The id of the failed transaction, if it had one already. */
  readonly txId?: string | undefined;
  /** The gateway that did not answer, if that is the cause. */
  readonly address?: string | undefined;
  /** What the message says after the sentence of its code. */
  readonly detail?: string | undefined;
}

/**
 * The one error class of this client: a stable `code`, one line that says what to do, the `cause`, and the `txId` if there is one.
 *
 * @example
 * try {
 *   await tracecal.createReport(item);
 * } catch (error) {
 *   if (error instanceof TraceCalError && error.code === 'OUTCOME_UNKNOWN' && error.txId !== undefined) {
 *     console.log(await tracecal.outcome(error.txId));
 *   }
 * }
 */
export class TraceCalError extends Error {
  override readonly name = 'TraceCalError';
  readonly code: TraceCalErrorCode;
  readonly txId: string | undefined;
  /** `host:port` of the gateway, if nothing answered there. */
  readonly address: string | undefined;
  /** What the message says after the sentence of its code: which file, which value. */
  readonly detail: string | undefined;

  constructor(code: TraceCalErrorCode, message: string, options: TraceCalErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.txId = options.txId;
    this.address = options.address;
    this.detail = options.detail;
  }
}

/** An error of this client: the sentence of its code, followed by a detail (which file, which value). */
export function clientError(code: ClientErrorCode, detail?: string, options?: TraceCalErrorOptions): TraceCalError {
  const sentence = CLIENT_ERRORS[code];
  if (detail === undefined) {
    return new TraceCalError(code, sentence, options);
  }
  const shown = printable(detail);
  return new TraceCalError(code, `${sentence} ${shown}`, { ...options, detail: shown });
}
