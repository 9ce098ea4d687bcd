export { BlockUpdates, type KeyUpdate } from './blockUpdates.js';
export { validateBlock, type ValidatedBlock } from './blockValidator.js';
export { findCollection } from './collections.js';
export { commitHash } from './commitHash.js';
export type { ChaincodeDefinition, CollectionDefinition, DefinedChaincode } from './definition.js';
export { ChangedPolicies } from './endorsementPolicy.js';
export { attempt, committedResults, parseEnvelope, transactionIdOf } from './envelope.js';
export type {
  BoundAction,
  EndorserTransaction,
  MalformedEnvelope,
  OtherTransaction,
  ParsedEnvelope,
} from './envelope.js';
export { checkEndorsement, examine, type Dispatched, type Examined } from './examine.js';
export type { ValidationContext } from './examine.js';
export { agreedDefinition, LIFECYCLE } from './lifecycle.js';
export { readOf, RangeReads } from './rangeReads.js';
export {
  decodeReadWriteSet,
  deletes,
  readsPrivateValues,
  writesAnything,
  type CollectionReadWriteSet,
  type NamespaceReadWriteSet,
} from './rwset.js';
export {
  decodeMetadata,
  encodeMetadata,
  hashKey,
  keyPolicy,
  stateEnd,
  stateKey,
  VALIDATION_PARAMETER,
  type CommittedState,
  type NamedKey,
  type PlaceRange,
  type StateRecord,
} from './state.js';
export { describeVersion, fromMessage, sameVersion, toMessage, type Version } from './version.js';
