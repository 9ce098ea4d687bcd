import type { SignedData } from '@tracecal/ledger/identity';
import type { BlockFeed } from '../deliver/index.js';
import type { Orderer } from '../orderer/index.js';
import { checkAcl, ProposalRefused, type Endorser } from '../peer/index.js';

/** An orderer as error details name it. */
export interface OrdererNodeAddress {
  readonly address: string;
  readonly mspId: string;
}

/** Context of one organisation's gateway. */
export interface GatewayContext {
  /** The endorser of the gateway's own peer: tried first. */
  readonly local: Endorser;
  /** Every endorser of the network, the local one included. */
  readonly endorsers: ReadonlySet<Endorser>;
  /** Time limit for an evaluation of another peer. */
  readonly endorsementTimeoutMs: number;
  readonly orderer: Orderer;
  readonly ordererNodes: readonly OrdererNodeAddress[];
  /** The channels that the gateway's organisation has joined. */
  readonly feeds: ReadonlyMap<string, BlockFeed>;
}

/** All endorsers in the order in which they are asked: the gateway's own, those of its organisation, those of others. */
export function endorsersInOrder({ local, endorsers }: GatewayContext): readonly Endorser[] {
  const others = [...endorsers].filter((endorser) => endorser !== local);
  const isNear = ({ mspId }: Endorser): boolean => mspId === local.mspId;
  return [local, ...others.filter(isNear), ...others.filter((endorser) => !isNear(endorser))];
}

/**
 * The feed of a channel, if the resource's policy admits the caller.
 * @throws Error that says why not
 */
export function authorisedFeed(
  feeds: ReadonlyMap<string, BlockFeed>,
  channelId: string,
  resource: string,
  signed: SignedData,
): BlockFeed {
  const feed = feeds.get(channelId);
  if (!feed) throw new ProposalRefused('endorser', `Failed to get policy manager for channel [${channelId}]`);
  checkAcl(feed.ledger, resource, signed);
  return feed;
}
