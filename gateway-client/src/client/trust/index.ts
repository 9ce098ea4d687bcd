export { withoutRoot, withRoot } from './changes.js';
export { trustedRoots, trustText, TRUST_TYPE, type Trust, type TrustedRoot } from './trust.js';
export { readTrustFile, writeTrustFile } from './trustFile.js';
