export { evidenceOf } from './evidence.js';
export * from './instrument/index.js';
