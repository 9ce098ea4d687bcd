export { Caller } from './caller.js';
export { LedgerReader, LedgerWriter, type Entry } from './ledgerState.js';
export { LevelContract } from './levelContract.js';
export type { Source } from './query.js';
export * from './questions.js';
export type { Stub } from './stub.js';
export { timelineFields, timelinePage, timelineQuestion } from './timeline.js';
export type { Timeline } from './timeline.js';
