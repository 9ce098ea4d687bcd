import { printable } from '@tracecal/core/model';
import type { RegistryErrorCode } from '@tracecal/core/model';

/**
 * Every failure of the client itself, with a sentence that says what to do about it. Codes are API: they never change
 * meaning. A refusal by the registry keeps the registry's own code and sentence.
 */
export const CLIENT_ERRORS = {
  PROFILE_INVALID:
    'The connection profile cannot be used: give the JSON file that the network wrote for your organisation.',
  IDENTITY_INVALID: 'The client identity cannot be used: give a user folder of a crypto-config tree.',
  KEY_EXPOSED:
    'The private key file can be read by others: remove the permissions of others (chmod 600) and try again.',
  KEY_INVALID: 'The private key cannot be used: give an unencrypted ECDSA P-256 key in PEM form.',
  SIGNER_INVALID: 'The signature does not verify: the signer and its certificate do not belong together.',
  TOKEN_SUPPORT_MISSING:
    'Keys in tokens need the package pkcs11js with its native part: run `npm install pkcs11js --ignore-scripts=false` in a folder of its own (it needs a C++ compiler), and set TRACECAL_PKCS11JS to FOLDER/node_modules/pkcs11js.',
  TOKEN_KEY_INVALID:
    'The name of a key in a token cannot be used: write pkcs11:token=LABEL;object=LABEL?module-path=FILE (RFC 7512).',
  TOKEN_UNAVAILABLE: 'The key in the token cannot be reached: check the module, the token and the name of the key.',
  TOKEN_PIN_REFUSED:
    'The token does not open: set its PIN in TRACECAL_PIN, or name a file with pin-source=file:FILE. Tokens lock after a few wrong PINs.',
  SIGNER_MISSING: 'A signature is missing: have everybody sign whose signature the statement needs.',
  CHECKPOINT_INVALID: 'The checkpoint file cannot be used: remove it to start over.',
  CHECKPOINT_IN_USE:
    'Another stream has written the checkpoint file since: give each stream a file of its own, and start this one again.',
  NOT_A_READER:
    'This is not encrypted to any of these keys: ask the issuer of the report for a disclosure, and give it your key (`tracecal keys make`).',
  BODY_INVALID: 'The encrypted body cannot be opened: it was changed on its way. Fetch it again from its issuer.',
  FILE_UNREADABLE: 'The file cannot be read: check its path and permissions.',
  FILE_UNWRITABLE: 'The file cannot be written: check its path, its permissions and the disk.',
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
  REPLICA_MISSING: 'There is no replica in this folder: make one with `tracecal follow FOLDER`.',
  REPLICA_IN_USE: 'Another process works with the replica and does not let go of it: try again when it has caught up.',
  REPLICA_DAMAGED: 'The replica cannot be read: move its folder away and follow the channel anew.',
  REPLICA_WITHOUT_BLOCKS:
    'The replica holds the state and no whole blocks: begin another one with `tracecal follow FOLDER --keep-blocks`.',
  MEASUREMENTS_DAMAGED: 'The log of measurements cannot be continued: put its files back, or begin another one.',
  MEASUREMENTS_IN_USE: 'Another process writes this log of measurements: end it, or use another folder.',
  TICKET_INVALID: 'The ticket cannot be used: take it as the gate made it.',
  TICKET_COUNTER_INVALID:
    'The memory of the counter of tickets cannot be used: put it back, and never an older copy: readers refuse counters that they have seen.',
  TICKET_COUNTER_IN_USE: 'Another process gives out tickets with this counter: wait until it has ended.',
  REPLICA_BEHIND: 'The replica has not reached the configuration that you trust: follow the channel further.',
  PIN_INVALID: 'The first block cannot be checked: give its hash (64 hexadecimal digits) or a configuration block.',
  OTHER_CHANNEL:
    'These blocks belong to another chain than the one that you vouch for or follow: check the hash and where you have it from, or use another folder.',
  PEER_FORKED:
    'The ledger has forked, so some orderers or a peer lie: nothing was taken. Keep the evidence, ask the other members which block they have, and do not rely on this peer.',
  PEER_BEHIND:
    'A peer has fewer blocks than there are: nothing is known to be wrong yet. Try again; if it stays behind, it is down or holds blocks back, so follow another one.',
  BLOCK_FORGED: 'The block was not taken, because it is not what the orderers signed: follow a peer of another member.',
  CONFIG_UNSIGNED:
    "A new configuration of the channel lacks its administrators' signatures, so it was not taken: ask the other members, and follow a peer of another one.",
  VALIDITY_DIFFERS:
    'A peer takes a transaction for valid or invalid that is not, so its block was not taken: follow a peer of another member.',
  STATE_DIFFERS:
    'A peer reports another state than follows from the blocks, so its block was not taken: follow a peer of another member.',
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
