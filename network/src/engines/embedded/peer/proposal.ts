import { common, peer } from '@hyperledger/fabric-protos';
import { createHash } from 'node:crypto';
import { fromStranger } from '../../../system/protobufGuard.js';

/** The bytes are not a proposal; the message names the invalid part. */
export class MalformedProposal extends Error {}

/** A signed proposal, parsed once. Every hash and signature is computed over the received bytes, never over a second serialisation. */
export interface UnpackedProposal {
  /** Serialised `protos.SignedProposal`, for the chaincode. */
  readonly signed: Uint8Array;
  readonly proposalBytes: Uint8Array;
  readonly signature: Uint8Array;
  /** `common.Header` as sent. */
  readonly header: common.Header;
  readonly channelId: string;
  readonly txId: string;
  readonly type: number;
  readonly epoch: number;
  /** Milliseconds since the epoch, by the client's clock. */
  readonly timestamp: number;
  readonly nonce: Uint8Array;
  /** Serialised `msp.SerializedIdentity`. */
  readonly creator: Uint8Array;
  readonly chaincode: string;
  /** Serialised `protos.ChaincodeInvocationSpec`: the part of the payload that enters the transaction. */
  readonly invocationSpec: Uint8Array;
  readonly input: peer.ChaincodeInput;
  readonly hasTransientData: boolean;
}

function parse<T>(what: string, bytes: Uint8Array, deserialize: (bytes: Uint8Array) => T): T {
  try {
    return fromStranger(() => deserialize(bytes));
  } catch {
    throw new MalformedProposal(`error unmarshalling ${what}`);
  }
}

function chaincodeOf(channelHeader: common.ChannelHeader): string {
  const extension = parse('ChaincodeHeaderExtension', channelHeader.getExtension_asU8(), (bytes) =>
    peer.ChaincodeHeaderExtension.deserializeBinary(bytes),
  );
  const id = extension.getChaincodeId();
  if (!id) throw new MalformedProposal('ChaincodeHeaderExtension.ChaincodeId is nil');
  if (!id.getName()) throw new MalformedProposal('ChaincodeHeaderExtension.ChaincodeId.Name is empty');
  return id.getName();
}

function specOf(invocationSpec: Uint8Array, channelId: string, chaincode: string): peer.ChaincodeInput {
  const spec = parse('ChaincodeInvocationSpec', invocationSpec, (bytes) =>
    peer.ChaincodeInvocationSpec.deserializeBinary(bytes),
  ).getChaincodeSpec();
  if (!spec) throw new MalformedProposal(`no chaincode spec is provided, channel id [${channelId}]`);
  const name = spec.getChaincodeId()?.getName();
  if (!name) throw new MalformedProposal(`no chaincode name is provided, channel id [${channelId}]`);
  // Policies and the ledger use the header, planning uses the spec: they must not differ.
  if (name !== chaincode) throw new MalformedProposal('the chaincode names of header and invocation differ');
  const input = spec.getInput();
  if (!input) throw new MalformedProposal('chaincode input did not contain any input');
  return input;
}

function milliseconds(header: common.ChannelHeader): number {
  const timestamp = header.getTimestamp();
  return timestamp ? timestamp.getSeconds() * 1000 + Math.floor(timestamp.getNanos() / 1e6) : 0;
}

/** @throws MalformedProposal naming the part that is missing or unreadable */
export function unpackProposal(signedProposal: peer.SignedProposal): UnpackedProposal {
  const proposalBytes = signedProposal.getProposalBytes_asU8();
  const proposal = parse('Proposal', proposalBytes, (bytes) => peer.Proposal.deserializeBinary(bytes));
  const header = parse('Header', proposal.getHeader_asU8(), (bytes) => common.Header.deserializeBinary(bytes));
  const channelHeader = parse('ChannelHeader', header.getChannelHeader_asU8(), (bytes) =>
    common.ChannelHeader.deserializeBinary(bytes),
  );
  const signatureHeader = parse('SignatureHeader', header.getSignatureHeader_asU8(), (bytes) =>
    common.SignatureHeader.deserializeBinary(bytes),
  );
  const payload = parse('ChaincodeProposalPayload', proposal.getPayload_asU8(), (bytes) =>
    peer.ChaincodeProposalPayload.deserializeBinary(bytes),
  );
  const channelId = channelHeader.getChannelId();
  const chaincode = chaincodeOf(channelHeader);
  const invocationSpec = payload.getInput_asU8();
  let signed: Uint8Array | undefined;
  return {
    // Made on demand, so that an untrusted proposal costs no copy.
    get signed() {
      signed ??= signedProposal.serializeBinary();
      return signed;
    },
    proposalBytes,
    signature: signedProposal.getSignature_asU8(),
    header,
    channelId,
    txId: channelHeader.getTxId(),
    type: channelHeader.getType(),
    epoch: channelHeader.getEpoch(),
    timestamp: milliseconds(channelHeader),
    nonce: signatureHeader.getNonce_asU8(),
    creator: signatureHeader.getCreator_asU8(),
    chaincode,
    invocationSpec,
    input: specOf(invocationSpec, channelId, chaincode),
    hasTransientData: payload.getTransientmapMap().getLength() > 0,
  };
}

/** The payload of the transaction: the proposal's payload without its transient data. */
export function payloadWithoutTransient(proposal: UnpackedProposal): Uint8Array {
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(proposal.invocationSpec);
  return payload.serializeBinary();
}

/** SHA-256 over channel header, signature header and payload without transient data. */
export function proposalHash(proposal: UnpackedProposal): Uint8Array {
  return createHash('sha256')
    .update(proposal.header.getChannelHeader_asU8())
    .update(proposal.header.getSignatureHeader_asU8())
    .update(payloadWithoutTransient(proposal))
    .digest();
}
