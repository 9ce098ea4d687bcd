import { common, peer } from '@hyperledger/fabric-protos';
import { sameBytes, sha256 } from './bytes.js';

const Code = peer.TxValidationCode;

/** What an envelope from anywhere turned out to be. */
export type ParsedEnvelope = EndorserTransaction | OtherTransaction | MalformedEnvelope;

interface Signed {
  /** As the header claims it, or computed where the header is silent. */
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
  readonly channelHeader: common.ChannelHeader;
  readonly channelHeaderBytes: Uint8Array;
  /** A serialised `protos.Transaction`. */
  readonly data: Uint8Array;
}

export interface OtherTransaction extends Signed {
  readonly kind: 'config' | 'unsupported';
}

export interface MalformedEnvelope {
  readonly kind: 'malformed';
  /** Empty where no header could be read. */
  readonly txId: string;
  readonly code: number;
}

/** Takes an envelope apart as far as its headers. Never throws: the bytes are whatever a client sent. */
export function parseEnvelope(bytes: Uint8Array): ParsedEnvelope {
  const envelope = attempt(() => common.Envelope.deserializeBinary(bytes));
  if (envelope === undefined) {
    return { kind: 'malformed', txId: '', code: Code.INVALID_OTHER_REASON };
  }
  const payloadBytes = envelope.getPayload_asU8();
  const payload = attempt(() => common.Payload.deserializeBinary(payloadBytes));
  if (payload === undefined) {
    return { kind: 'malformed', txId: '', code: Code.BAD_PAYLOAD };
  }
  const headers = parseHeaders(payload.getHeader());
  if (headers === undefined || !isWellFormed(headers)) {
    return { kind: 'malformed', txId: headers?.txId ?? '', code: Code.BAD_COMMON_HEADER };
  }
  const { channelHeader, signatureHeader, channelHeaderBytes, txId } = headers;
  const signed: Signed = {
    txId,
    channelId: channelHeader.getChannelId(),
    creator: signatureHeader.getCreator_asU8(),
    signature: envelope.getSignature_asU8(),
    payload: payloadBytes,
  };
  switch (channelHeader.getType()) {
    case common.HeaderType.ENDORSER_TRANSACTION:
      return {
        ...signed,
        kind: 'endorser',
        nonce: signatureHeader.getNonce_asU8(),
        channelHeader,
        channelHeaderBytes,
        data: payload.getData_asU8(),
      };
    case common.HeaderType.CONFIG:
      return { ...signed, kind: 'config' };
    default:
      return { ...signed, kind: 'unsupported' };
  }
}

export function transactionIdOf(nonce: Uint8Array, creator: Uint8Array): string {
  return sha256(nonce, creator).toString('hex');
}

interface Headers {
  readonly txId: string;
  readonly channelHeader: common.ChannelHeader;
  readonly channelHeaderBytes: Uint8Array;
  readonly signatureHeader: common.SignatureHeader;
}

function parseHeaders(header: common.Header | undefined): Headers | undefined {
  return attempt(() => {
    if (header === undefined) {
      return undefined;
    }
    const channelHeaderBytes = header.getChannelHeader_asU8();
    const channelHeader = common.ChannelHeader.deserializeBinary(channelHeaderBytes);
    const signatureHeader = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
    const txId =
      channelHeader.getTxId() || transactionIdOf(signatureHeader.getNonce_asU8(), signatureHeader.getCreator_asU8());
    return { txId, channelHeader, channelHeaderBytes, signatureHeader };
  });
}

const ACCEPTED_TYPES: readonly number[] = [
  common.HeaderType.ENDORSER_TRANSACTION,
  common.HeaderType.CONFIG_UPDATE,
  common.HeaderType.CONFIG,
];

function isWellFormed({ channelHeader, signatureHeader }: Headers): boolean {
  return (
    ACCEPTED_TYPES.includes(channelHeader.getType()) && channelHeader.getEpoch() === 0 && isComplete(signatureHeader)
  );
}

function isComplete(signatureHeader: common.SignatureHeader): boolean {
  return signatureHeader.getNonce_asU8().length > 0 && signatureHeader.getCreator_asU8().length > 0;
}

/** The single action of a transaction, shown to answer the very proposal that the client made. */
export interface BoundAction {
  readonly endorsed: peer.ChaincodeEndorsedAction;
  readonly response: peer.ProposalResponsePayload;
}

/** Undefined when the transaction has not exactly one well-formed action for its own proposal. */
export function parseAction(transaction: EndorserTransaction): BoundAction | undefined {
  return attempt(() => {
    const [action, ...more] = peer.Transaction.deserializeBinary(transaction.data).getActionsList();
    if (action === undefined || more.length > 0) {
      return undefined;
    }
    const signatureHeader = action.getHeader_asU8();
    const payload = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
    const endorsed = payload.getAction();
    if (endorsed === undefined || !isComplete(common.SignatureHeader.deserializeBinary(signatureHeader))) {
      return undefined;
    }
    const response = peer.ProposalResponsePayload.deserializeBinary(endorsed.getProposalResponsePayload_asU8());
    const proposal = payload.getChaincodeProposalPayload_asU8();
    const proposalHash = sha256(transaction.channelHeaderBytes, signatureHeader, proposal);
    const bound = proposal.length > 0 && sameBytes(proposalHash, response.getProposalHash_asU8());
    return bound ? { endorsed, response } : undefined;
  });
}

/** The chaincode's answer inside a bound action. */
export function chaincodeAction(bound: BoundAction): peer.ChaincodeAction | undefined {
  const extension = bound.response.getExtension_asU8();
  return extension.length > 0 ? attempt(() => peer.ChaincodeAction.deserializeBinary(extension)) : undefined;
}

/** What a transaction that was found valid did, and when its client says so. */
export function committedResults(
  envelope: Uint8Array,
): { readonly results: Uint8Array; readonly header: common.ChannelHeader } | undefined {
  const parsed = parseEnvelope(envelope);
  const bound = parsed.kind === 'endorser' ? parseAction(parsed) : undefined;
  const action = bound && chaincodeAction(bound);
  return action && parsed.kind === 'endorser'
    ? { results: action.getResults_asU8(), header: parsed.channelHeader }
    : undefined;
}

/** Undefined where the parser throws: what it parses was written by strangers. */
export function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
