export { LedgerError, type LedgerErrorCode } from './errors.js';
export { openLedger } from './open.js';
export type { SignBlock } from './blockMetadata.js';
export type * from './types.js';
