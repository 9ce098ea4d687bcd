import type { ChannelLedger } from '../ledger/types.js';
import type { EndorserChannel } from './endorserChannel.js';

/** Input of a system chaincode's function. */
export interface SystemQuery {
  readonly ledger: ChannelLedger;
  /** The channels of the queried peer. */
  readonly channels: ReadonlyMap<string, EndorserChannel>;
  readonly argument: string;
  readonly argumentBytes: Uint8Array;
}

/** A function of one of the peer's own chaincodes. */
export interface SystemFunction {
  /** The ACL resource of a channel that guards it, or {@link LOCAL_MEMBERS} or {@link LOCAL_ADMINS}. */
  readonly resource: string;
  /**
   * Position of the argument that names the channel; 0 means the proposal's own channel; undefined if the function concerns the peer and no
   * channel.
   */
  readonly channelArgument: number | undefined;
  run(query: SystemQuery): Uint8Array | Promise<Uint8Array>;
}

/** What a query names is not defined: a response with status 404. */
export class NotDefined extends Error {}

/** Members or administrators of the peer's own organisation. */
export const LOCAL_MEMBERS = '/Local/Members';
export const LOCAL_ADMINS = '/Local/Admins';
