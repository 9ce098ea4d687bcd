import { hexText } from '@tracecal/core/platform';
import { sha256 } from '../crypto/index.js';
import {
  ChaincodeAction,
  ChaincodeActionPayload,
  ChannelHeader,
  Envelope,
  HEADER_TYPE,
  Payload,
  ProposalResponsePayload,
  sameBytes,
  SignatureHeader,
  Transaction,
  TX_CODE,
  type ChaincodeEndorsedAction,
} from '../wire/index.js';

/** The content of an envelope from an untrusted source. */
export type ParsedEnvelope = EndorserTransaction | OtherTransaction | MalformedEnvelope;

interface Signed {
  /** As the header states it, or computed if the header has none. */
  readonly txId: string;
  readonly channelId: string;
  readonly creator: Uint8Array;
  readonly signature: Uint8Array;
  /** What the creator signed. */
  readonly payload: Uint8Array;
}

export interface EndorserTransaction extends Signed {
  readonly kind: 'endorser';
  readonly nonce: Uint8Array;
  readonly channelHeader: ChannelHeader;
  readonly channelHeaderBytes: Uint8Array;
  /** A serialised `protos.Transaction`. */
  readonly data: Uint8Array;
}

export interface OtherTransaction extends Signed {
  readonly kind: 'config' | 'unsupported';
}

export interface MalformedEnvelope {
  readonly kind: 'malformed';
  /** Empty if no header could be read. */
  readonly txId: string;
  readonly code: number;
}

/** Parses an envelope as far as its headers. Never throws: a client may send any bytes. */
export function parseEnvelope(bytes: Uint8Array): ParsedEnvelope {
  const envelope = attempt(() => Envelope.decode(bytes));
  if (envelope === undefined) {
    return { kind: 'malformed', txId: '', code: TX_CODE.INVALID_OTHER_REASON };
  }
  const payloadBytes = envelope.payload;
  const payload = attempt(() => Payload.decode(payloadBytes));
  if (payload === undefined) {
    return { kind: 'malformed', txId: '', code: TX_CODE.BAD_PAYLOAD };
  }
  const headers = parseHeaders(payload.header);
  if (headers === undefined || !isWellFormed(headers)) {
    return { kind: 'malformed', txId: headers?.txId ?? '', code: TX_CODE.BAD_COMMON_HEADER };
  }
  const { channelHeader, signatureHeader, channelHeaderBytes, txId } = headers;
  const signed: Signed = {
    txId,
    channelId: channelHeader.channelId,
    creator: signatureHeader.creator,
    signature: envelope.signature,
    payload: payloadBytes,
  };
  switch (channelHeader.type) {
    case HEADER_TYPE.endorserTransaction:
      return {
        ...signed,
        kind: 'endorser',
        nonce: signatureHeader.nonce,
        channelHeader,
        channelHeaderBytes,
        data: payload.data,
      };
    case HEADER_TYPE.config:
      return { ...signed, kind: 'config' };
    default:
      return { ...signed, kind: 'unsupported' };
  }
}

/** Fabric's transaction id: SHA-256 over nonce and creator, in hexadecimal. */
export function transactionIdOf(nonce: Uint8Array, creator: Uint8Array): string {
  return hexText(sha256(nonce, creator));
}

interface Headers {
  readonly txId: string;
  readonly channelHeader: ChannelHeader;
  readonly channelHeaderBytes: Uint8Array;
  readonly signatureHeader: SignatureHeader;
}

function parseHeaders(header: Payload['header']): Headers | undefined {
  return attempt(() => {
    if (header === undefined) {
      return undefined;
    }
    const channelHeaderBytes = header.channelHeader;
    const channelHeader = ChannelHeader.decode(channelHeaderBytes);
    const signatureHeader = SignatureHeader.decode(header.signatureHeader);
    const txId = channelHeader.txId || transactionIdOf(signatureHeader.nonce, signatureHeader.creator);
    return { txId, channelHeader, channelHeaderBytes, signatureHeader };
  });
}

const ACCEPTED_TYPES: readonly number[] = [
  HEADER_TYPE.endorserTransaction,
  HEADER_TYPE.configUpdate,
  HEADER_TYPE.config,
];

function isWellFormed({ channelHeader, signatureHeader }: Headers): boolean {
  return ACCEPTED_TYPES.includes(channelHeader.type) && channelHeader.epoch === 0 && isComplete(signatureHeader);
}

function isComplete(signatureHeader: SignatureHeader): boolean {
  return signatureHeader.nonce.length > 0 && signatureHeader.creator.length > 0;
}

/** The single action of a transaction, verified to answer the proposal that the client made. */
export interface BoundAction {
  readonly endorsed: ChaincodeEndorsedAction;
  readonly response: ProposalResponsePayload;
}

/** Undefined if the transaction does not have exactly one well-formed action for its own proposal. */
export function parseAction(transaction: EndorserTransaction): BoundAction | undefined {
  return attempt(() => {
    const [action, ...more] = Transaction.decode(transaction.data).actions;
    if (action === undefined || more.length > 0) {
      return undefined;
    }
    const signatureHeader = action.header;
    const payload = ChaincodeActionPayload.decode(action.payload);
    const endorsed = payload.action;
    if (endorsed === undefined || !isComplete(SignatureHeader.decode(signatureHeader))) {
      return undefined;
    }
    const response = ProposalResponsePayload.decode(endorsed.proposalResponsePayload);
    const proposal = payload.chaincodeProposalPayload;
    const proposalHash = sha256(transaction.channelHeaderBytes, signatureHeader, proposal);
    const bound = proposal.length > 0 && sameBytes(proposalHash, response.proposalHash);
    return bound ? { endorsed, response } : undefined;
  });
}

/** The chaincode's answer inside a bound action. */
export function chaincodeAction(bound: BoundAction): ChaincodeAction | undefined {
  const extension = bound.response.extension;
  return extension.length > 0 ? attempt(() => ChaincodeAction.decode(extension)) : undefined;
}

/** The effects of a valid transaction, and its time as stated by the client. */
export function committedResults(
  envelope: Uint8Array,
): { readonly results: Uint8Array; readonly header: ChannelHeader } | undefined {
  const parsed = parseEnvelope(envelope);
  const bound = parsed.kind === 'endorser' ? parseAction(parsed) : undefined;
  const action = bound && chaincodeAction(bound);
  return action && parsed.kind === 'endorser' ? { results: action.results, header: parsed.channelHeader } : undefined;
}

/** Undefined if the parser throws: its input comes from untrusted clients. */
export function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
