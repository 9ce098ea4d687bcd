export * from './curves.js';
