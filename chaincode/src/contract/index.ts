export { Caller, ROLES, type Role } from './caller.js';
export { key, type Key } from './key.js';
export { announce, LedgerReader, LedgerWriter, type Entry, type Stub, type Version } from './ledgerState.js';
export { LevelContract } from './levelContract.js';
export type { Page } from './page.js';
export type { Source } from './query.js';
export * from './questions.js';
export { measurementBeside, REGISTRY, requireKind } from './sources.js';
export { timelineFields, timelinePage, timelineQuestion } from './timeline.js';
