export { isMissing, readBounded, whyUnreadable } from './readBounded.js';
export { withStandardInput } from './standardInput.js';
