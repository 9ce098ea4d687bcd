import { common, peer } from '@hyperledger/fabric-protos';
import { transactionIdOf } from '@tracecal/ledger/validation';
import { randomBytes } from 'node:crypto';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { AdminError } from './errors.js';
import type { Signer } from './signer.js';
import type { NodeConnection } from './node.js';

/** A call of a peer's system chaincode. */
export interface Invocation {
  /** Empty for calls that concern the peer itself (install, join). */
  readonly channel: string;
  readonly chaincode: string;
  readonly args: readonly Uint8Array[];
}

/** A signed proposal, and the pieces of it that a transaction is later made from. */
export interface SignedInvocation {
  readonly transactionId: string;
  readonly header: common.Header;
  readonly payload: Uint8Array;
  readonly signed: peer.SignedProposal;
}

const CALL_TIMEOUT_MS = 60_000;

/** Makes and signs a proposal for one invocation. Peers refuse one whose time is far from theirs. */
export function signInvocation(invocation: Invocation, signer: Signer, time = new Date()): SignedInvocation {
  const nonce = randomBytes(24);
  const transactionId = transactionIdOf(nonce, signer.serialized);

  const header = new common.Header();
  header.setChannelHeader(channelHeader(invocation, transactionId, time).serializeBinary());
  header.setSignatureHeader(signatureHeader(signer, nonce).serializeBinary());

  const payload = proposalPayload(invocation);
  const proposal = new peer.Proposal();
  proposal.setHeader(header.serializeBinary());
  proposal.setPayload(payload);

  const signed = new peer.SignedProposal();
  signed.setProposalBytes(proposal.serializeBinary());
  signed.setSignature(signer.sign(signed.getProposalBytes_asU8()));
  return { transactionId, header, payload, signed };
}

/**
 * Asks one peer to simulate (and endorse) an invocation.
 *
 * @throws AdminError `REFUSED` with the peer's words when it answers with a status of 400 or more.
 */
export async function propose(connection: NodeConnection, signed: peer.SignedProposal): Promise<peer.ProposalResponse> {
  const response = await new Promise<peer.ProposalResponse>((resolve, reject) => {
    connection.endorser.processProposal(signed, { deadline: Date.now() + CALL_TIMEOUT_MS }, (error, value) => {
      if (error !== null) reject(connection.failure(error));
      else if (value === undefined)
        reject(new AdminError('BAD_RESPONSE', 'empty answer to a proposal', connection.name));
      else resolve(value);
    });
  });
  const result = response.getResponse();
  if (result === undefined || result.getStatus() >= 400) {
    throw new AdminError('REFUSED', result?.getMessage() ?? 'a proposal response without a result', connection.name);
  }
  return response;
}

/**
 * Runs an invocation on one peer and returns its answer.
 * @throws AdminError
 */
export async function query(connection: NodeConnection, signer: Signer, invocation: Invocation): Promise<Uint8Array> {
  const response = await propose(connection, signInvocation(invocation, signer).signed);
  return response.getResponse()?.getPayload_asU8() ?? new Uint8Array();
}

/** The signature header for data signed by this identity. */
export function signatureHeader(signer: Signer, nonce: Uint8Array): common.SignatureHeader {
  const header = new common.SignatureHeader();
  header.setCreator(signer.serialized);
  header.setNonce(nonce);
  return header;
}

function channelHeader(invocation: Invocation, transactionId: string, time: Date): common.ChannelHeader {
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(chaincodeId(invocation.chaincode));
  const header = new common.ChannelHeader();
  header.setType(common.HeaderType.ENDORSER_TRANSACTION);
  header.setChannelId(invocation.channel);
  header.setTxId(transactionId);
  header.setTimestamp(Timestamp.fromDate(time));
  header.setExtension$(extension.serializeBinary());
  return header;
}

function proposalPayload({ chaincode, args }: Invocation): Uint8Array {
  const input = new peer.ChaincodeInput();
  input.setArgsList([...args]);
  const spec = new peer.ChaincodeSpec();
  spec.setType(peer.ChaincodeSpec.Type.GOLANG);
  spec.setChaincodeId(chaincodeId(chaincode));
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(invocation.serializeBinary());
  return payload.serializeBinary();
}

function chaincodeId(name: string): peer.ChaincodeID {
  const id = new peer.ChaincodeID();
  id.setName(name);
  return id;
}
