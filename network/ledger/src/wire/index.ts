export * from './bytes.js';
export * from './common.js';
export * from './error.js';
export type { Message } from './message.js';
export * from './msp.js';
export * from './orderer.js';
export * from './peer.js';
export * from './rwset.js';
