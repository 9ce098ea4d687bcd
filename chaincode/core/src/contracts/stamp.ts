import type { Instant } from '../model/index.js';

/** A transaction and its time. The client chooses the time, so no check may depend on it alone. */
export interface Stamp {
  readonly txId: string;
  readonly time: Instant;
}
