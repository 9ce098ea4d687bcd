export {
  bucketDepth,
  bucketEntries,
  digestOfDevice,
  digestsUnder,
  prefixOf,
  readBucketEntries,
  readBucketEntry,
  type BucketEntry,
} from './buckets.js';
export { key, nameOfKey, plainKey, type Key } from './key.js';
export { keys, type Foundation } from './keys.js';
export { recordsIn, type ReadRecord } from './source.js';
export { recordIn, storedBytes } from './stored.js';
export { summariesOf } from './summaries.js';
