import type { Instant } from '../model/index.js';

/** A transaction and its time, which its client chose: never the only guard of anything. */
export interface Stamp {
  readonly txId: string;
  readonly time: Instant;
}
