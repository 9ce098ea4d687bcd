import type { ChannelLedger } from '../ledger/types.js';
import type { ChaincodeService } from './chaincodeService.js';

/** A channel as one organisation's peer sees it. */
export interface EndorserChannel {
  readonly ledger: ChannelLedger;
  /** This organisation's services of the chaincodes that run on this channel, by name. */
  readonly chaincodes: ReadonlyMap<string, ChaincodeService>;
}
