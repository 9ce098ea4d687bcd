export { checks } from './checks/index.js';
export * as cmc from './cmc/index.js';
export { affectedRows } from './amended.js';
export type { AffectedRow } from './amended.js';
export { askedText } from './at/askedAt.js';
export type { AskedAt } from './at/askedAt.js';
export { rowsAsked } from './at/rowsAsked.js';
export { branchesOf } from './branches.js';
export type { Branch } from './branches.js';
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
export { joinedDisclosures, shownBy, withDisclosures } from './disclosures.js';
export { doubtsAbout } from './doubts.js';
export type { Doubts } from './doubts.js';
export type { Doubt } from './judge/doubt.js';
export { DUE_SOON_DAYS, dueOf, intervalSaid } from './due.js';
export type { IntervalSaid, IntervalWords } from './due.js';
export {
  evidenceFor,
  EvidenceMissing,
  headEvidence,
  linesAbout,
  recordDigests,
  sourceOf,
  withoutTrust,
} from './evidence.js';
export type { Evidence, Exhibit, RecordDigest } from './evidence.js';
export { examineReport } from './examineReport.js';
export { areWithin } from './extents.js';
export { contradictory, trustedHeartbeats } from './freshness.js';
export type { SignsOfLife } from './freshness.js';
export { bearing, bearingOf, impedimentOf, impedimentsOf, inForce, isOfPredecessor, useAt } from './impediments.js';
export type { Bearing, Impediment, ImpedimentKind, Say, Use } from './impediments.js';
export { requireOpening } from './opens.js';
export { MAX_EDGES, MAX_LEVELS, traceOptions } from './options.js';
export type { TraceOptions } from './options.js';
export { expandedText, givenText, uncertaintyText, valuesText } from './givenText.js';
export { MAX_READER_KEY_CHARACTERS, openReaderKey, unverifiedReaderKey } from './readerKey.js';
export type { KnownReaderKey, ReaderKeyAsked, SignedReaderKey } from './readerKey.js';
export { refuseFailed, refuseUnsigned } from './refusal.js';
export { resultsByQuantity, resultsDigests } from './results.js';
export { isOwnKey, needsOwnKey, signatoriesOf, speakersFor, voiceOf } from './signatories.js';
export type { Signatories } from './signatories.js';
export type { RecordSource } from './source.js';
export type { AmendedSource } from './support/change.js';
export { DEFAULT_SUPPORT_POLICY, marginAround } from './support/index.js';
export { isClose } from './support/numbers.js';
export { traceCal, traceInHindsight, traceWithin } from './traceCal.js';
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
export { judgeForVouching } from './vouch.js';
export type { Judged } from './vouch.js';
export { lineDigest, mayVouch, thresholdsDigest } from './vouched.js';
export type { WordsInUse, WordsThen } from './intervalWords.js';
