export * from './checks/index.js';
export { decisiveFinding } from './conclude.js';
export * from './freshness.js';
export { currentReport, Opener, payloadOf } from './open.js';
export * from './options.js';
export * from './source.js';
export * from './standing.js';
export * from './traceCal.js';
export * from './verdict.js';
