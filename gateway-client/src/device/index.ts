/** What a device or its gateway does: signs measurements, corrects them, keeps them, and checks those of others. */
export {
  affectedValues,
  SupportOfValues,
  type Affected,
  type Support,
  type SupportedBatch,
  type SupportedRange,
} from './affected.js';
export { batchOf, includes, type Batch, type Inclusion } from './batch.js';
export { Calibration, type Place } from './calibration.js';
export { Continuity, isSound, MOST_MEASUREMENTS_REMEMBERED, type Irregularity } from './continuity.js';
export { correct, type Corrected, type Indication, type Influence } from './correct.js';
export { ConditionsDiffer, OutsideCalibration } from './notCorrected.js';
export {
  DROP_REASONS,
  MeasurementFilter,
  type DropReason,
  type FilterOptions,
  type Judged,
  type KnownDevice,
} from './filter.js';
export {
  MEASUREMENT_TYPE,
  measurementOf,
  momentOf,
  readMeasurement,
  unverified,
  wasInForce,
  type CorrectedBy,
  type Measurement,
  type Moment,
  type Previous,
  type Reading,
  type ReadingArgument,
  type SignedMeasurement,
  type VerdictInForce,
} from './measurement.js';
export {
  MeasurementLog,
  measurementsIn,
  syncLog,
  type LogOptions,
  type Repaired,
  type SyncPolicy,
} from './measurementLog.js';
export { secondsIn } from '../client/span.js';
export {
  brokenGate,
  checkGate,
  readGate,
  USUAL_MAX_AGE_SECONDS,
  type GateFiles,
  type GateRead,
  type GateReport,
} from './gate/checkGate.js';
export { failureLine, journalLine } from './gate/journal.js';
export { execute } from './gate/execute.js';
export {
  filesIn as gateFilesIn,
  GATE_COMMANDS,
  spanOption,
  TICKET_OPTIONS,
  type GateCommand,
  type GateOption,
} from './gate/options.js';
export { runGate, type GateStreams } from './gate/program.js';
export { refreshGate, type Refreshed, type RefreshOptions } from './gate/refreshGate.js';
export { GATE_SET_TYPE, MOST_DEVICES_OF_A_SET, readGateSet, type DeviceFile } from './gate/setFile.js';
export { watchGate, type WatchGateOptions } from './gate/watchGate.js';
export { decide, type DeviceFinding, type GateAsked, type GateDecision, type Stapled } from './gate/decide.js';
export { GATE_OUTCOMES, opens, worst, type GateOutcome, type GateRefusal } from './gate/outcomes.js';
export {
  MEASUREMENT_PROOF_TYPE,
  measurementProofText,
  requireIncluded,
  verifyMeasurement,
  type MeasurementProof,
  type MeasurementReport,
} from './proof.js';
export {
  directivesExportText,
  directivesIn,
  DirectivesInForce,
  directiveText,
  EXPORT_FILE,
  MOST_DIRECTIVE_FILES,
  OPERATOR_TYPE,
  operatorPinOf,
  operatorPinText,
  readDirectivesSeen,
  signAnswer,
  signDirective,
  writeDirectives,
  type DirectivesInFolder,
  type DirectivesToWrite,
  type InForceOptions,
} from './directives/index.js';
export {
  checkTicket,
  issueTicket,
  MOST_TICKET_BYTES,
  readTicket,
  shortRegistry,
  TICKET_CONTENT_TYPE,
  TICKET_REFUSALS,
  ticketBytes,
  TicketCounter,
  ticketKeyId,
  unsignedTicket,
  type Issued,
  type IssuedTicket,
  type ReadTicket,
  type Ticket,
  type TicketAnswer,
  type TicketAsked,
  type TicketOptions,
  type TicketReader,
  type TicketRefusal,
  type UnsignedTicket,
} from './ticket/index.js';
