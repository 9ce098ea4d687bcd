export { checks } from './checks/index.js';
export * as cmc from './cmc/index.js';
export { affectedRows } from './amended.js';
export type { AffectedRow } from './amended.js';
export type { AskedAt } from './at/askedAt.js';
export { Budget } from './budget.js';
export type { Granted } from './budget.js';
export { CONFORMITY_WORDS, conformityOf } from './conformity.js';
export type {
  Conformity,
  ConformityPoint,
  ConformityStatus,
  DecisionRule,
  Limits,
  PointConformity,
  Recomputed,
} from './conformity.js';
export { currentReports } from './current.js';
export type { CurrentReport } from './current.js';
export { doubtsAbout } from './doubts.js';
export type { Doubts } from './doubts.js';
export type { Doubt } from './judge/doubt.js';
export { DUE_SOON_DAYS, dueOf, intervalSaid } from './due.js';
export type { IntervalSaid, IntervalWords } from './due.js';
export { evidenceFor, EvidenceMissing, sourceOf } from './evidence.js';
export type { Evidence, Exhibit } from './evidence.js';
export { examineReport } from './examineReport.js';
export { areWithin } from './extents.js';
export { bearing, bearingOf, impedimentOf, impedimentsOf, inForce, isOfPredecessor, useAt } from './impediments.js';
export type { Bearing, Impediment, ImpedimentKind, Say, Use } from './impediments.js';
export { MAX_EDGES, MAX_LEVELS, traceOptions } from './options.js';
export type { TraceOptions } from './options.js';
export { refuseFailed, refuseUnsigned } from './refusal.js';
export { resultsByQuantity, resultsDigests } from './results.js';
export { needsOwnKey, signatoriesOf, speakersFor, voiceOf } from './signatories.js';
export type { Signatories } from './signatories.js';
export type { RecordSource } from './source.js';
export type { AmendedSource } from './support/change.js';
export { traceCal } from './traceCal.js';
export { CHECK_NAMES, VERDICT_STATUSES } from './verdict.js';
export type {
  CheckName,
  Due,
  DueState,
  Edge,
  Finding,
  FindingOutcome,
  Fulfilment,
  Given,
  GivenArgument,
  HeartbeatSeen,
  Range,
  ResultVerdict,
  Root,
  Unmet,
  Verdict,
  VerdictStatus,
} from './verdict.js';
export type { WordsInUse, WordsThen } from './intervalWords.js';
