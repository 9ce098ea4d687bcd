import { common } from '@hyperledger/fabric-protos';
import { TIME_WINDOW_MS } from '@tracecal/core/model';
import { AccessError, denialText, type Identity, type SignedData } from '@tracecal/ledger/identity';
import { transactionIdOf } from '@tracecal/ledger/validation';
import type { ChannelLedger } from '../ledger/types.js';
import type { UnpackedProposal } from './proposal.js';

/** Why a proposal was refused. */
export class ProposalRefused extends Error {
  /**
   * `filter`: refused before the endorser (clock, expiry): the client of a real peer gets a bare gRPC error. `endorser`: refused by the
   * endorser, which the gateway can distinguish from a failure of the peer.
   */
  readonly by: 'filter' | 'endorser';

  constructor(by: 'filter' | 'endorser', message: string) {
    super(message);
    this.by = by;
  }
}

function refuse(message: string): never {
  throw new ProposalRefused('endorser', message);
}

function invalid(message: string): never {
  refuse(`error validating proposal: ${message}`);
}

function checkTime(proposal: UnpackedProposal, now: number): void {
  if (Math.abs(proposal.timestamp - now) <= TIME_WINDOW_MS) return;
  const [theirs, ours] = [proposal.timestamp, now].map((time) => new Date(Math.min(time, 8.64e15)).toISOString());
  throw new ProposalRefused(
    'filter',
    `request unauthorized due to incorrect timestamp ${theirs ?? ''}, peer time ${ours ?? ''}, peer.authentication.timewindow 15m0s`,
  );
}

function checkHeaders(proposal: UnpackedProposal): void {
  const types = common.HeaderType;
  if (proposal.type !== types.ENDORSER_TRANSACTION && proposal.type !== types.CONFIG) {
    invalid(`invalid header type ${proposal.type}`);
  }
  if (proposal.epoch !== 0) invalid('epoch is non-zero');
  if (proposal.nonce.length === 0) invalid('nonce is empty');
  if (proposal.creator.length === 0) invalid('creator is empty');
  const expected = transactionIdOf(proposal.nonce, proposal.creator);
  if (proposal.txId !== expected) {
    invalid(`incorrectly computed txid '${proposal.txId}' -- expected '${expected}'`);
  }
  if (proposal.signature.length === 0) invalid('empty signature bytes');
}

function authenticate(ledger: ChannelLedger, signed: SignedData): Identity {
  try {
    return ledger.access.authenticate(signed);
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    if (error.code === 'EXPIRED') throw new ProposalRefused('filter', error.message);
    return invalid(denialText(ledger.channelId, error));
  }
}

/** Evaluates the policy that guards a resource. @throws ProposalRefused when it is not satisfied */
export function checkAcl(ledger: ChannelLedger, resource: string, signed: SignedData): void {
  const policy = ledger.access.policyFor(resource);
  const outcome = ledger.access.satisfies(policy, [signed]);
  if (!outcome.satisfied) {
    refuse(`failed evaluating policy on signed data during check policy [${policy}]: [${outcome.why}]`);
  }
}

/** A proposal admitted on a channel. */
export interface AdmittedProposal {
  readonly creator: Identity;
  readonly signed: SignedData;
}

/**
 * All checks of whether a proposal may run. `systemChaincode`: those check their own ACL.
 * @throws ProposalRefused
 */
export async function admit(
  ledger: ChannelLedger,
  proposal: UnpackedProposal,
  now: number,
  systemChaincode: boolean,
): Promise<AdmittedProposal> {
  checkTime(proposal, now);
  checkHeaders(proposal);
  const signed = { data: proposal.proposalBytes, identity: proposal.creator, signature: proposal.signature };
  const creator = authenticate(ledger, signed);
  if (await ledger.hasTransaction(proposal.txId)) {
    const creatorHex = Buffer.from(proposal.creator).toString('hex');
    refuse(`duplicate transaction found [${proposal.txId}]. Creator [${creatorHex}]`);
  }
  if (!systemChaincode) checkAcl(ledger, 'peer/Propose', signed);
  return { creator, signed };
}
