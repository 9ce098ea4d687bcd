export * from './nodeKey.js';
