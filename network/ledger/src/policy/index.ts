export { accessFromConfig, type AccessOptions } from './channelAccess.js';
export { readMsps } from './config.js';
export { parsePolicy, printPolicy } from './language.js';
export { PolicyError } from './policyError.js';
export { bftQuorum, tolerated } from './quorum.js';
export type { ChannelAccess, IdentityOptions, PolicyOutcome } from './types.js';
