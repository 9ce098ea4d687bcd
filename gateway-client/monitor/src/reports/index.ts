export { evidenceOf } from './evidence.js';
export * from './instrument/index.js';
export * from './maker/index.js';
export * from './recall/index.js';
export { readsFinding } from './reads.js';
