export { applyConfigUpdate } from './apply.js';
export { ConfigError, type ConfigErrorCode } from './errors.js';
export { sameConfig } from './same.js';
