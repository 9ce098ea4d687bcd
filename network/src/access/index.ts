import '../protobufGuard.js';

export { accessFromBlock, accessFromConfig, type AccessOptions } from './channelAccess.js';
export { AccessError, denialText, type AccessErrorDetails } from './errors.js';
export type * from './types.js';
