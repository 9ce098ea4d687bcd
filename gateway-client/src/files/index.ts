export { isMissing, readBounded, whyUnreadable } from './readBounded.js';
export { whyUnwritable } from './unwritable.js';
export { withStandardInput } from './standardInput.js';
