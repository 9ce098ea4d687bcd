/** What a monitor concludes from findings about many instruments, from the network and from orders, and what it proposes. */
export { channelSeen } from './channelSeen.js';
export { clockFindings, type ClockOptions, type StatedTime } from './clock.js';
export type { Grouped, ShareOptions } from './cohort.js';
export { evidenceOf } from './evidence.js';
export { floodFindings, type FloodOptions, type Registered } from './flood.js';
export { orderFindings, type OrderOptions, type Orders, type RecordedAnswer, type Use } from './orders.js';
export { outbreakFindings, type OutbreakOptions } from './outbreak.js';
export { newPeerFindings, type ChannelMember, type ChannelSeen } from './peers.js';
export {
  cohortFindings,
  releaseFindings,
  type CohortOptions,
  type ReleaseOptions,
  type SeenSince,
} from './quarantine.js';
export {
  commonStandards,
  suspensionOf,
  type Affected,
  type CheckStandard,
  type CommonStandardOptions,
} from './standard.js';
