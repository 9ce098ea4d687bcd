export * from './canonical.js';
export * from './errors.js';
export * from './identifiers.js';
export * from './json.js';
export * from './records.js';
export * from './schemas.js';
export * from './time.js';
export * from './units.js';
