import { common, peer } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { createHash, randomBytes } from 'node:crypto';
import { fakeIdentity, fakeSignature } from './fakeAccess.js';

/** What a test says about a transaction; everything else is as it should be. */
export interface TransactionParts {
  readonly channelId: string;
  readonly chaincode: string;
  readonly version: string;
  readonly results: Uint8Array;
  /** Names of those who endorse: MSP ids where the signatures are fake. */
  readonly endorsers: readonly string[];
  readonly creator: string;
  readonly nonce: Uint8Array;
  readonly event?: { readonly chaincode: string; readonly name: string; readonly payload?: Uint8Array };
  /** Seconds since 1970. */
  readonly timestamp?: number;
}

/** Places where a test can spoil a transaction before the signature above it is made. */
export interface Tampering {
  readonly channelHeader?: (header: common.ChannelHeader) => void;
  readonly signatureHeader?: (header: common.SignatureHeader) => void;
  readonly response?: (response: peer.ProposalResponsePayload) => void;
  readonly action?: (action: peer.ChaincodeAction) => void;
  readonly endorsements?: (endorsements: peer.Endorsement[]) => peer.Endorsement[];
  readonly transaction?: (transaction: peer.Transaction) => void;
  readonly payload?: (payload: common.Payload) => void;
  readonly envelope?: (envelope: common.Envelope) => void;
}

/** The identities that a transaction is made with, by name, and what they sign. */
export interface Signatories {
  identity(name: string): Uint8Array;
  sign(name: string, data: Uint8Array): Uint8Array;
}

/** Those of {@link fakeAccess}, by MSP id. */
const FAKE: Signatories = {
  identity: fakeIdentity,
  sign: (mspId, data) => fakeSignature(fakeIdentity(mspId), data),
};

export interface BuiltTransaction {
  readonly txId: string;
  readonly envelope: Uint8Array;
}

export function newTransactionId(
  creator: string,
  nonce: Uint8Array = randomBytes(24),
  signatories = FAKE,
): { txId: string; nonce: Uint8Array } {
  const txId = createHash('sha256').update(nonce).update(signatories.identity(creator)).digest('hex');
  return { txId, nonce };
}

/** An endorsed and signed transaction as an SDK would submit it, with fake signatures unless somebody else signs. */
export function buildTransaction(
  parts: TransactionParts,
  tampering: Tampering = {},
  signatories = FAKE,
): BuiltTransaction {
  const creator = signatories.identity(parts.creator);
  const { txId } = newTransactionId(parts.creator, parts.nonce, signatories);
  const header = buildHeader(parts, txId, creator, tampering);
  const proposal = invocation();
  const proposalHash = createHash('sha256')
    .update(header.getChannelHeader_asU8())
    .update(header.getSignatureHeader_asU8())
    .update(proposal)
    .digest();
  const response = buildResponse(parts, txId, proposalHash, tampering);
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(response);
  const endorsements = parts.endorsers.map((name) => endorse(name, response, signatories));
  endorsed.setEndorsementsList(tampering.endorsements?.(endorsements) ?? endorsements);
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(proposal);
  actionPayload.setAction(endorsed);
  const action = new peer.TransactionAction();
  action.setHeader(header.getSignatureHeader_asU8());
  action.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.addActions(action);
  tampering.transaction?.(transaction);
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(transaction.serializeBinary());
  tampering.payload?.(payload);
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  envelope.setSignature(signatories.sign(parts.creator, envelope.getPayload_asU8()));
  tampering.envelope?.(envelope);
  return { txId, envelope: envelope.serializeBinary() };
}

function buildHeader(parts: TransactionParts, txId: string, creator: Uint8Array, tampering: Tampering): common.Header {
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName(parts.chaincode);
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(chaincodeId);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.ENDORSER_TRANSACTION);
  channelHeader.setChannelId(parts.channelId);
  channelHeader.setTxId(txId);
  channelHeader.setExtension$(extension.serializeBinary());
  const timestamp = new Timestamp();
  timestamp.setSeconds(parts.timestamp ?? 1_700_000_000);
  channelHeader.setTimestamp(timestamp);
  tampering.channelHeader?.(channelHeader);
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(creator);
  signatureHeader.setNonce(parts.nonce);
  tampering.signatureHeader?.(signatureHeader);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  return header;
}

function buildResponse(
  parts: TransactionParts,
  txId: string,
  proposalHash: Uint8Array,
  tampering: Tampering,
): Uint8Array {
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName(parts.chaincode);
  chaincodeId.setVersion(parts.version);
  const action = new peer.ChaincodeAction();
  action.setResults(parts.results);
  action.setChaincodeId(chaincodeId);
  const answer = new peer.Response();
  answer.setStatus(200);
  action.setResponse(answer);
  if (parts.event !== undefined) {
    const event = new peer.ChaincodeEvent();
    event.setChaincodeId(parts.event.chaincode);
    event.setEventName(parts.event.name);
    event.setTxId(txId);
    event.setPayload(parts.event.payload ?? new Uint8Array());
    action.setEvents(event.serializeBinary());
  }
  tampering.action?.(action);
  const response = new peer.ProposalResponsePayload();
  response.setProposalHash(proposalHash);
  response.setExtension$(action.serializeBinary());
  tampering.response?.(response);
  return response.serializeBinary();
}

function endorse(name: string, response: Uint8Array, signatories: Signatories): peer.Endorsement {
  const endorser = signatories.identity(name);
  const endorsement = new peer.Endorsement();
  endorsement.setEndorser(endorser);
  endorsement.setSignature(signatories.sign(name, Buffer.concat([response, endorser])));
  return endorsement;
}

/** What was invoked: nobody looks at it once it is endorsed, beside its hash. */
function invocation(): Uint8Array {
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(Buffer.from('the invocation'));
  return payload.serializeBinary();
}
