export { MAX_BATCHES, MEASUREMENT_EVENTS } from './measurement.js';
export type { RecordedTrace, TraceBatch, TraceEntry, TracesRecorded, VerdictCounts } from './measurement.js';
export { CONCLUSIONS, MONITORING_EVENTS } from './monitoring.js';
export type { AssessedBatch, Assessment, AssessmentRecorded, Conclusion } from './monitoring.js';
export type { Page } from './page.js';
export { EVENTS, MAX_DEVICES, SUBMIT_STATEMENTS } from './registry.js';
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
  RegistryAnswer,
  ReportAnswer,
  ReportSummary,
  RequirementsAnswer,
  TraceSummaries,
  TraceSummary,
} from './registry.js';
export type { Stamp } from './stamp.js';
