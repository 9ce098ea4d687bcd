export * from './model/index.js';
export * from './store/index.js';
export * from './alerts/index.js';
export * from './reports/index.js';
export * from './probe/index.js';
export * from './conclude/index.js';
export * from './slices/index.js';
export * from './http/index.js';
