export { affectedRows } from './amended.js';
export type { AffectedRow, AmendedSource } from './amended.js';
export type { AskedAt } from './at/askedAt.js';
export * from './checks/index.js';
export * as cmc from './cmc/index.js';
export { CONFORMITY_WORDS, conformityOf } from './conformity.js';
export type {
  Conformity,
  ConformityPoint,
  ConformityStatus,
  DecisionRule,
  Limits,
  PointConformity,
} from './conformity.js';
export { currentReports } from './current.js';
export type { CurrentReport } from './current.js';
export type { Doubt } from './doubts.js';
export { DUE_SOON_DAYS, dueOf, firstDue, intervalSaid } from './due.js';
export type { IntervalSaid, IntervalWords } from './due.js';
export * from './freshness.js';
export { examineReport } from './examineReport.js';
export * from './impediments.js';
export { acceptanceOf } from './open/acceptance.js';
export { mayAccredit } from './open/accreditation.js';
export { isIncluded, signedDigest } from './open/anchor.js';
export { majorityOf, standing } from './open/institutes.js';
export type { Institute, Institutes } from './open/institutes.js';
export { MAX_CHAIN, sentenceOf } from './open/keys.js';
export type { Key, Keyring, Voice } from './open/keys.js';
export { nextNumber } from './open/order.js';
export { Opener } from './open/opener.js';
export type * from './open/opener.js';
export { registryName, registryOf } from './open/registry.js';
export { readable, readStatement, said } from './open/statement.js';
export type { Said } from './open/statement.js';
export * from './options.js';
export * from './results.js';
export * from './signatories.js';
export * from './source.js';
export * from './traceCal.js';
export * from './verdict.js';
