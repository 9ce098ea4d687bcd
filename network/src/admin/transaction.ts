import { common, peer } from '@hyperledger/fabric-protos';
import { broadcast } from './broadcast.js';
import { CommitListener } from './commit.js';
import { AdminError } from './errors.js';
import type { Signer } from './signer.js';
import type { NodeConnection } from './node.js';
import { propose, signInvocation, type Invocation, type SignedInvocation } from './proposal.js';

/** Participants of an administrative transaction. */
export interface TransactionRoute {
  readonly signer: Signer;
  /** The peers whose endorsements the invoked function's policy needs. */
  readonly endorsers: readonly [NodeConnection, ...NodeConnection[]];
  readonly orderers: readonly NodeConnection[];
  /** Default 60 s, from broadcast to commit. */
  readonly timeoutMs?: number;
}

/**
 * Endorses an invocation on every endorser, has it ordered, and waits until the first endorser has committed it. Only the commit decides,
 * not the orderers' answers: a BFT quorum may report a failure for a transaction that commits.
 *
 * @throws AdminError `MISMATCH` when endorsers disagree, `INVALIDATED` with the validation code, `TIMEOUT`, `REFUSED`.
 */
export async function transact(invocation: Invocation, route: TransactionRoute): Promise<void> {
  const proposal = signInvocation(invocation, route.signer);
  const responses = await Promise.all(route.endorsers.map((endorser) => propose(endorser, proposal.signed)));
  const envelope = assemble(proposal, agreed(responses, route.endorsers), responses, route.signer);

  const timeoutMs = route.timeoutMs ?? 60_000;
  const listener = await CommitListener.open(route.endorsers[0], invocation.channel, route.signer, timeoutMs);
  try {
    await broadcast(envelope, route.orderers, timeoutMs);
    await listener.committed(proposal.transactionId);
  } finally {
    listener.close();
  }
}

function agreed(responses: readonly peer.ProposalResponse[], endorsers: readonly NodeConnection[]): Uint8Array {
  const [first, ...others] = responses.map((response) => Buffer.from(response.getPayload_asU8()));
  if (first === undefined) throw new AdminError('BAD_INPUT', 'A transaction needs at least one endorser.');
  const odd = others.findIndex((other) => !other.equals(first));
  if (odd >= 0) {
    throw new AdminError('MISMATCH', `its result differs from ${endorsers[0]?.name}'s`, endorsers[odd + 1]?.name);
  }
  return first;
}

function assemble(
  proposal: SignedInvocation,
  result: Uint8Array,
  responses: readonly peer.ProposalResponse[],
  signer: Signer,
): common.Envelope {
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(result);
  endorsed.setEndorsementsList(responses.flatMap((response) => response.getEndorsement() ?? []));
  const action = new peer.ChaincodeActionPayload();
  action.setChaincodeProposalPayload(proposal.payload);
  action.setAction(endorsed);

  const transactionAction = new peer.TransactionAction();
  transactionAction.setHeader(proposal.header.getSignatureHeader_asU8());
  transactionAction.setPayload(action.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.addActions(transactionAction);

  const payload = new common.Payload();
  payload.setHeader(proposal.header);
  payload.setData(transaction.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  envelope.setSignature(signer.sign(envelope.getPayload_asU8()));
  return envelope;
}
