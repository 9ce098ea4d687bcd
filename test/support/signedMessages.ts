import { common, gateway, msp, peer } from '@hyperledger/fabric-protos';
import type { Contract, Gateway, ProposalOptions, Proposal } from '@hyperledger/fabric-gateway';
import { signLowS } from '@tracecal/pki';
import { loadSigningIdentity, memberTree } from '@tracecal/network/pki';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';
import type { EngineNetwork } from './engine.js';
import type { MemberId } from './scenarioConsortium.js';

/** What a test changes in a proposal before it is signed. */
export interface ProposalChange {
  readonly channelHeader?: (header: common.ChannelHeader) => void;
  readonly signatureHeader?: (header: common.SignatureHeader) => void;
}

/** A proposal that the client library would not make, signed as usual when it is sent. */
export function changedProposal(
  application: { readonly gateway: Gateway; contract(): Contract },
  transaction: string,
  options: ProposalOptions,
  change: ProposalChange,
): Proposal {
  const made = application.contract().newProposal(transaction, options);
  const proposed = gateway.ProposedTransaction.deserializeBinary(made.getBytes());
  const signed = proposed.getProposal()!;
  const proposal = peer.Proposal.deserializeBinary(signed.getProposalBytes_asU8());
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
  const signatureHeader = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
  change.channelHeader?.(channelHeader);
  change.signatureHeader?.(signatureHeader);
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  proposal.setHeader(header.serializeBinary());
  signed.setProposalBytes(proposal.serializeBinary());
  return application.gateway.newProposal(proposed.serializeBinary());
}

/** A proposal of that time. */
export function proposalAt(
  application: { readonly gateway: Gateway; contract(): Contract },
  time: Date,
  transaction: string,
  options: ProposalOptions = {},
): Proposal {
  const channelHeader = (header: common.ChannelHeader): void => {
    header.setTimestamp(Timestamp.fromDate(time));
  };
  return changedProposal(application, transaction, options, { channelHeader });
}

/** MSP ids of the organisations that endorsed a transaction, out of its bytes. */
export function endorsersOf(transaction: { getBytes(): Uint8Array }): string[] {
  const prepared = gateway.PreparedTransaction.deserializeBinary(transaction.getBytes());
  return endorsersIn(prepared.getEnvelope()!);
}

function endorsersIn(envelope: common.Envelope): string[] {
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const endorsed = peer.ChaincodeActionPayload.deserializeBinary(action!.getPayload_asU8()).getAction()!;
  return endorsed
    .getEndorsementsList()
    .map((endorsement) => msp.SerializedIdentity.deserializeBinary(endorsement.getEndorser_asU8()).getMspid())
    .sort();
}

/** A question for a commit status, to be signed by somebody else. */
export function withoutSignature(commit: { getBytes(): Uint8Array }): Uint8Array {
  const request = gateway.SignedCommitStatusRequest.deserializeBinary(commit.getBytes());
  request.setSignature('');
  return request.serializeBinary();
}

/** The same transaction under another signature of the same user: ECDSA has many, the client library always makes the same. */
export function signedAnew(network: EngineNetwork, member: MemberId, transaction: Uint8Array): Uint8Array {
  const prepared = gateway.PreparedTransaction.deserializeBinary(transaction);
  const envelope = prepared.getEnvelope()!;
  const organisation = network.consortium.organisations.find(({ id }) => id === member)!;
  const { msp: folder } = memberTree(network.cryptoDir, organisation).user('User1');
  const { privateKey } = loadSigningIdentity(folder, organisation.mspId);
  envelope.setSignature(signLowS(privateKey, envelope.getPayload_asU8()));
  return prepared.serializeBinary();
}
