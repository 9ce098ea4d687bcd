export { BUNDLE_MEDIA_TYPE, BUNDLE_TYPE, bundleText, readBundle } from './bundle.js';
export type { Bundle, BundledQuestion } from './bundle.js';
export { TIER_NAMES } from './tiers.js';
export type { Tier, TierName } from './tiers.js';
export { verifyBundle } from './verifyBundle.js';
export type { Asked, ProofReport } from './verifyBundle.js';
