/** The SDK: connect to a consortium, sign and issue calibration reports, ask whether a device traces to an NMI. */
export * from './answers.js';
export { CheckpointFile } from './checkpointFile.js';
export { readClientIdentity, type ClientIdentity } from './clientIdentity.js';
export {
  connect,
  connectMeasurement,
  connectMonitoring,
  type ConnectMeasurementOptions,
  type ConnectMonitoringOptions,
  type ConnectOptions,
} from './connect.js';
export { ContractClient } from './contractClient.js';
export { readConnectionProfile, type GatewayEndpoint } from './connectionProfile.js';
export {
  CLIENT_ERRORS,
  TraceCalError,
  type ClientErrorCode,
  type TraceCalErrorCode,
  type TraceCalErrorOptions,
} from './errors.js';
export { fileSigner, keySigner, type SignerFiles } from './fileSigner.js';
export { Ledger } from './ledger.js';
export { DEFAULT_LIMITS, type ClientLimits } from './limits.js';
export { Measurement, type Period } from './measurement.js';
export { Monitoring } from './monitoring.js';
export type { Committed, Outcome } from './outcome.js';
export { referenceTo, ReportBuilder, type ReportIdentity, type ReportReference } from './reportBuilder.js';
export { printable } from './printable.js';
export type { Signer } from './signer.js';
export { signHeartbeat, signReport, type ReportSigners } from './signReport.js';
export type { RegistryEvent, StreamOptions } from './streams.js';
export { TraceCal, type TraceQuestion } from './tracecal.js';
