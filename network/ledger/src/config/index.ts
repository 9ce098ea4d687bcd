export { applyConfigUpdate } from './apply.js';
export { configEffect, hasChanges, type ConfigChange, type ConfigEffect } from './changes.js';
export type { ConfigElement } from './elements.js';
export { ConfigError, type ConfigErrorCode } from './errors.js';
export { configInOrder, sameConfig } from './same.js';
