import type { ChannelLedger } from '../ledger/types.js';
import type { EndorserChannel } from './endorserChannel.js';

/** What a system chaincode's function works on. */
export interface SystemQuery {
  readonly ledger: ChannelLedger;
  /** The channels of the peer that is asked. */
  readonly channels: ReadonlyMap<string, EndorserChannel>;
  readonly argument: string;
  readonly argumentBytes: Uint8Array;
}

/** A function of a chaincode that is the peer's own. */
export interface SystemFunction {
  /** The ACL resource of a channel that guards it, or {@link LOCAL_MEMBERS} or {@link LOCAL_ADMINS}. */
  readonly resource: string;
  /**
   * Position of the argument that names the channel; 0 where the proposal's own channel is meant; undefined where the function
   * is about the peer and no channel.
   */
  readonly channelArgument: number | undefined;
  run(query: SystemQuery): Uint8Array | Promise<Uint8Array>;
}

/** Who of the peer's own organisation may ask. */
export const LOCAL_MEMBERS = '/Local/Members';
export const LOCAL_ADMINS = '/Local/Admins';
