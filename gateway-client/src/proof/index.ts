export { bundleOf } from './bundleOf.js';
export * from './verify/index.js';
