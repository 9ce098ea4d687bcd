import { common, msp, peer } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';

/** What somebody writes into a transaction in the place of what stands there. */
export interface EnvelopeChange {
  /** The chaincode that the call names; the header names the same as before. */
  readonly name?: string;
  readonly call?: readonly string[];
  readonly seconds?: number;
  /** Payload of its event. */
  readonly event?: string;
  /** A member whose endorsement is added, without a signature. */
  readonly beside?: string;
  /** PEM text of whoever sends it. */
  readonly sender?: string;
}

/** A transaction's envelope with other content; signatures stay as they are. */
export function tampered(
  bytes: Uint8Array,
  { name, call, seconds, event, beside, sender }: EnvelopeChange,
): Uint8Array {
  const envelope = common.Envelope.deserializeBinary(bytes);
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const header = payload.getHeader()!;
  const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
  const transaction = peer.Transaction.deserializeBinary(payload.getData_asU8());
  const action = transaction.getActionsList()[0]!;
  const actionPayload = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
  const endorsed = actionPayload.getAction()!;
  if (seconds !== undefined) {
    const time = new Timestamp();
    time.setSeconds(seconds);
    channelHeader.setTimestamp(time);
    header.setChannelHeader(channelHeader.serializeBinary());
  }
  if (name !== undefined || call !== undefined) {
    const proposal = peer.ChaincodeProposalPayload.deserializeBinary(actionPayload.getChaincodeProposalPayload_asU8());
    const invocation = peer.ChaincodeInvocationSpec.deserializeBinary(proposal.getInput_asU8());
    const spec = invocation.getChaincodeSpec()!;
    if (name !== undefined) spec.getChaincodeId()!.setName(name);
    if (call !== undefined) spec.getInput()!.setArgsList(call.map((word) => Buffer.from(word)));
    proposal.setInput(invocation.serializeBinary());
    actionPayload.setChaincodeProposalPayload(proposal.serializeBinary());
  }
  if (event !== undefined) {
    const response = peer.ProposalResponsePayload.deserializeBinary(endorsed.getProposalResponsePayload_asU8());
    const result = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
    const announced = peer.ChaincodeEvent.deserializeBinary(result.getEvents_asU8());
    announced.setPayload(Buffer.from(event));
    result.setEvents(announced.serializeBinary());
    response.setExtension$(result.serializeBinary());
    endorsed.setProposalResponsePayload(response.serializeBinary());
  }
  if (beside !== undefined) {
    const [own] = endorsed.getEndorsementsList();
    const identity = msp.SerializedIdentity.deserializeBinary(own!.getEndorser_asU8());
    identity.setMspid(beside);
    const added = new peer.Endorsement();
    added.setEndorser(identity.serializeBinary());
    added.setSignature(Buffer.from('nobody signed this'));
    endorsed.addEndorsements(added);
  }
  if (sender !== undefined) {
    const signatureHeader = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
    const creator = msp.SerializedIdentity.deserializeBinary(signatureHeader.getCreator_asU8());
    creator.setIdBytes(Buffer.from(sender));
    signatureHeader.setCreator(creator.serializeBinary());
    header.setSignatureHeader(signatureHeader.serializeBinary());
  }
  action.setPayload(actionPayload.serializeBinary());
  payload.setData(transaction.serializeBinary());
  envelope.setPayload(payload.serializeBinary());
  return envelope.serializeBinary();
}
