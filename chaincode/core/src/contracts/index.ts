export * from './measurement.js';
export * from './monitoring.js';
export type { Page } from './page.js';
export * from './registry.js';
export type { Stamp } from './stamp.js';
