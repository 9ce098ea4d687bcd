export * from './model/index.js';
export * from './store/index.js';
