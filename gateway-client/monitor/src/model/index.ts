export * from './finding.js';
export * from './instrument.js';
