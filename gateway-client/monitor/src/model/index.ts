export * from './finding.js';
export * from './instrument.js';
export * from './observed.js';
