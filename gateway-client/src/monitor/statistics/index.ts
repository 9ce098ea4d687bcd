/** What a monitor computes from values: pure, and checked against published examples. */
export * from './charts.js';
export * from './distributions.js';
export * from './fit.js';
export * from './margin.js';
export * from './patterns.js';
export * from './sample.js';
export * from './scores.js';
export * from './stability.js';
