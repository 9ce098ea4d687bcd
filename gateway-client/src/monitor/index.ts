/** What a monitor finds out from values that others measured: statistics of instruments and of laboratories. */
export * from './statistics/index.js';
export * from './laboratory/index.js';
export * from './instrument/index.js';
export * from './feed/index.js';
export * from './flows/index.js';
export * from './probe/index.js';
export * from './conclude/index.js';
