export { askBucket } from './askBucket.js';
export type { BucketOptions, BucketVerdict } from './askBucket.js';
export { bundleOf } from './bundleOf.js';
export * from './challenge/index.js';
export { endorsedBundle } from './endorsed.js';
export type { EndorsedBundle } from './endorsed.js';
export { recordProofs, withNextHeartbeat } from './recorded.js';
export type { RecordedBundles } from './recorded.js';
export * from './verify/index.js';
