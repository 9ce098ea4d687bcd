export { Collection, Store, type Change, type Range } from './store.js';
