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
  /** The endorser of the gateway's own organisation: tried first. */
  readonly local: Endorser;
  /** Every endorser of the network, the local one included, by MSP id. */
  readonly endorsers: ReadonlyMap<string, Endorser>;
  readonly orderer: Orderer;
  readonly ordererNodes: readonly OrdererNodeAddress[];
  /** The channels that the gateway's organisation has joined. */
  readonly feeds: ReadonlyMap<string, BlockFeed>;
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
