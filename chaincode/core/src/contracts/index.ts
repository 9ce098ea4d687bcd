export { BUCKET_PLACES, bucketPart, GET_BUCKET, GET_BUCKETS, MAX_BUCKET_ANSWERS } from './buckets.js';
export type { BucketAnswer, BucketsAnswer, DevicesPlaced } from './buckets.js';
export {
  findingId,
  findingShape,
  identifiedFindingShape,
  MAX_EVIDENCE,
  MAX_FINDINGS,
  MAX_FINDINGS_CHARACTERS,
  MAX_PROPOSED,
  PROPOSED_ACTIONS,
  SUBJECT_KINDS,
  subjectShape,
} from './finding.js';
export type { Finding, IdentifiedFinding, Proposed, Subject } from './finding.js';
export { MAX_BATCHES, MAX_MEASUREMENTS, MEASUREMENT_EVENTS } from './measurement.js';
export type {
  AnswerRecord,
  DirectiveAnswered,
  DirectiveGiven,
  DirectiveHead,
  DirectiveRecord,
  MeasurementsAnchor,
  MeasurementsAnchored,
  RecordedTrace,
  TraceBatch,
  TraceEntry,
  TracesRecorded,
  VerdictCounts,
} from './measurement.js';
export { CONCLUSIONS, MONITORING_EVENTS } from './monitoring.js';
export type {
  AssessedBatch,
  Assessment,
  AssessmentRecorded,
  Conclusion,
  FindingsRecorded,
  RecordedFinding,
} from './monitoring.js';
export type { Page } from './page.js';
export { EVENTS, MAX_DEVICES, MAX_NONCE, PLACE_KEYS, PROOFS_KEY, SUBMIT_STATEMENTS } from './registry.js';
export type {
  AccreditationLineAnswer,
  AffectedDevice,
  AnnouncedItem,
  Announcement,
  Change,
  ChangedCalibration,
  DeviceAnswer,
  DeviceSummary,
  EpochAnswer,
  EpochDigestAnswer,
  EventName,
  EvidenceAnswer,
  HeadAnswer,
  HistoryEntry,
  Listed,
  ListedDevice,
  ListedKind,
  ListedOrganisation,
  ListedPerson,
  ListedReport,
  OrganisationAnswer,
  OrganisationSummary,
  ParentAnswer,
  PersonAnswer,
  ProofsAnchored,
  ProvedTrace,
  RegistryAnswer,
  ReportAnswer,
  ReportSummary,
  RequirementsAnswer,
  TraceSummaries,
  TraceSummary,
} from './registry.js';
export type { Stamp } from './stamp.js';
