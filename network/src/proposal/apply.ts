import type { common } from '@hyperledger/fabric-protos';
import { common as messages } from '@hyperledger/fabric-protos';
import { Config, Envelope, Payload, SignatureHeader } from '@tracecal/ledger/wire';
import {
  AdminError,
  channelConfig,
  configReached,
  orderedConfig,
  submitThrough,
  type NodeConnection,
  type Signer,
} from '../admin/index.js';
import { configUpdateEnvelope } from '../channel/index.js';
import { ProposalError } from './errors.js';
import { hasEnough, needsOf, type Need } from './needs.js';
import type { Proposal } from './proposal.js';
import { requireCurrent, stateOf } from './state.js';

/** A member's own peer, and its administrator. */
export interface OwnPeer {
  readonly connection: NodeConnection;
  readonly admin: Signer;
}

/** The nodes that a member asks: its own. */
export interface OwnNodes extends OwnPeer {
  /** Channels that its peer is in. */
  readonly channels: readonly string[];
  /** Its orderer, if it runs one, as the orderer's administrator: it knows channels that the member's peer is not in. */
  readonly orderer?: OwnPeer | undefined;
}

/** What became of a proposal. */
export type Applied =
  | { readonly outcome: 'applied'; readonly sequence: number }
  /** It was applied before. */
  | { readonly outcome: 'already'; readonly sequence: number }
  /** Nothing was sent. */
  | { readonly outcome: 'missing'; readonly needs: readonly Need[] };

/** A channel's configuration as a member's own peer has it. @throws AdminError */
export async function presentConfig({ connection, admin }: OwnPeer, channel: string): Promise<Config> {
  return Config.decode((await channelConfig(connection, admin, channel)).serializeBinary());
}

/** A channel's configuration as one of the member's own nodes has it: its peer or, in a channel of others, its orderer. @throws AdminError */
export async function ownConfig(own: OwnNodes, channel: string): Promise<Config> {
  const { channels, orderer } = own;
  if (orderer === undefined || channels.includes(channel)) return presentConfig(own, channel);
  const config = await orderedConfig(orderer.connection, orderer.admin, channel);
  return Config.decode(config.serializeBinary());
}

/**
 * Hands a proposal to the orderers if enough have signed it, and waits until the member's own peer has the new configuration. May be called
 * again at any time.
 *
 * @throws ProposalError `STALE`, `NOT_WRITER`; AdminError when the network refuses or does not answer
 */
export async function applyProposal(proposal: Proposal, peer: OwnPeer, timeoutMs?: number): Promise<Applied> {
  const { channel, config } = proposal;
  const current = await presentConfig(peer, channel);
  if (stateOf(proposal, current) === 'applied') return { outcome: 'already', sequence: current.sequence };
  requireCurrent(proposal, current);
  const needs = needsOf(proposal);
  if (!hasEnough(needs)) return { outcome: 'missing', needs };
  const envelope = await envelopeOf(proposal, peer.admin);
  requireWriter(proposal, envelope, peer.admin);
  const sent = await Promise.allSettled([submitThrough(peer.connection, channel, envelope)]);
  return reached(
    proposal,
    peer,
    sent[0].status === 'rejected' ? sent[0].reason : undefined,
    config.sequence + 1,
    timeoutMs,
  );
}

/** An answer that was lost, or a refusal because of another update, shows in the configuration itself. */
async function reached(
  proposal: Proposal,
  peer: OwnPeer,
  failure: unknown,
  sequence: number,
  timeoutMs: number | undefined,
): Promise<Applied> {
  const waited = await Promise.allSettled([
    configReached(peer, proposal.channel, sequence, failure === undefined ? timeoutMs : LOST_ANSWER_MS),
  ]);
  const now = await presentConfig(peer, proposal.channel);
  const state = stateOf(proposal, now);
  if (state === 'applied') return { outcome: 'applied', sequence: now.sequence };
  if (state === 'stale') requireCurrent(proposal, now);
  throw (
    failure ??
    (waited[0].status === 'rejected'
      ? waited[0].reason
      : new AdminError('TIMEOUT', 'does not have the change', peer.connection.name))
  );
}

const LOST_ANSWER_MS = 2000;

/** The signed update as orderers take it. */
export function envelopeOf({ channel, update, signatures }: Proposal, submitter: Signer): Promise<common.Envelope> {
  const signed = signatures.map(({ header, signature }) => {
    const each = new messages.ConfigSignature();
    each.setSignatureHeader(header);
    each.setSignature(signature);
    return each;
  });
  return configUpdateEnvelope(channel, update, signed, submitter);
}

const WRITERS = '/Channel/Writers';

function requireWriter({ access, channel }: Proposal, envelope: common.Envelope, { mspId }: Signer): void {
  const { payload: data, signature } = Envelope.decode(envelope.serializeBinary());
  const { header } = Payload.decode(data);
  const identity = SignatureHeader.decode(header?.signatureHeader ?? new Uint8Array()).creator;
  if (access.satisfies(WRITERS, [{ data, identity, signature }]).satisfied) return;
  throw new ProposalError(
    'NOT_WRITER',
    `${mspId} may not send anything to ${channel}: send the file to a member that writes there, which applies it.`,
  );
}
