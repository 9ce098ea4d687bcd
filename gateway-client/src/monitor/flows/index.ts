/** Who read what across levels, by the log of one's own peer. */
export { readsIn, type ReadCount } from './log.js';
export { unusualReads, type UnusualOptions, type UnusualReads } from './unusual.js';
