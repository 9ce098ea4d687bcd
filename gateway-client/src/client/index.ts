/** The SDK: connect to a consortium, sign and issue calibration reports, ask whether a device traces to an NMI. */
export { type Announced, type Answers, type DeviceSearch, type TextAnswer } from './answers.js';
export { freshnessOf, notesOn, type Freshness, type HeartbeatAge } from './besideVerdict.js';
export { CheckpointFile } from './checkpointFile.js';
export { readClientIdentity, readUser, type ClientIdentity } from './clientIdentity.js';
export {
  connect,
  connectMeasurement,
  connectMonitoring,
  type ConnectMeasurementOptions,
  type ConnectMonitoringOptions,
  type ConnectOptions,
} from './connect.js';
export { ContractClient } from './contractClient.js';
export { readConnectionProfile, readProfileFile, type GatewayEndpoint } from './connectionProfile.js';
export { Deadline } from './deadline.js';
export {
  CLIENT_ERRORS,
  TraceCalError,
  type ClientErrorCode,
  type TraceCalErrorCode,
  type TraceCalErrorOptions,
} from './errors.js';
export { fileSigner, keySigner, type SignerFiles } from './fileSigner.js';
export { Ledger, type BeforeSending, type Link, type Place } from './ledger.js';
export { DEFAULT_LIMITS, type ClientLimits } from './limits.js';
export { Measurement, type Period } from './measurement.js';
export { Monitoring, type FindingsQuestion } from './monitoring.js';
export type { Committed, Outcome } from './outcome.js';
export { placeIn, placeText } from './placeText.js';
export { printable } from '@tracecal/core/model';
export { relianceOn, type Reliance, type Wish } from './reliance.js';
export {
  bodyText,
  encryptBody,
  forFurtherReaders,
  isEncryptedWith,
  MOST_BODY_BYTES,
  newContentKey,
  newReaderKey,
  openBody,
  publicReaderKey,
  readBody,
  readerKeyId,
  readerKeyText,
  readersOf,
  signReaderKey,
  verifyReaderKey,
  type EncryptedBody,
  type ReaderKeyQuestion,
  type ReaderKeySpec,
} from './confidential/index.js';
export {
  newPseudonym,
  openingText,
  readPseudonym,
  signOpening,
  verifyOpening,
  type OpeningQuestion,
} from './pseudonyms.js';
export { registrySource, type RecordQueries } from './registrySource.js';
export type { EndorsedQuestion } from './preparedTransaction.js';
export type { ListedFrom, ListedOf, ProofOptions } from './registryReader.js';
export {
  acceptanceOf,
  disclosuresOf,
  disclosureText,
  judgeDisclosed,
  readDisclosure,
  readDisclosureFile,
  readReport,
  referenceTo,
  rejectionOf,
  ReportBuilder,
  signReport,
  type Decision,
  type ReportContent,
  type ReportIdentity,
  type ReportReference,
  type SealedReport,
  type UnsignedReport,
} from './report/index.js';
export { pkcs11Key, pkcs11Signer, type Pkcs11Options } from './pkcs11/index.js';
export { nameOfSigner, type Signer } from './signer.js';
export { signerFrom, signingKeyFrom, type NamedSigner, type OpenSigner } from './signerFrom.js';
export { fileKey, memoryKey, pointOfKey, type SigningKey } from './signingKey.js';
export {
  addSignature,
  anchorOf,
  certificateDigest,
  missingSignatories,
  newStatement,
  readStatement,
  signStatement,
  statementDigest,
  type AnchoredStatements,
  type AnchorProof,
  type Item,
  type StatementDraft,
} from './statements/index.js';
export type { RegistryEvent, StreamOptions } from './streams.js';
export { DEFAULT_TIMEOUT_MS, TimeBudget } from './timeBudget.js';
export type { TraceQuestion } from './traceQuestion.js';
export { TraceCal, type Items } from './tracecal.js';
export {
  TRUST_TYPE,
  channelOf,
  endorsersIn,
  endorsingOrganisation,
  inForce,
  movedForward,
  readTrustFile,
  trustFingerprint,
  trustedRoots,
  trustText,
  withConfigurations,
  withoutRoot,
  withRoot,
  writeTrustFile,
  type Endorsers,
  type EndorsingOrganisation,
  type NodeUnit,
  type Trust,
  type TrustedChannel,
  type TrustedRoot,
  type Validity,
} from './trust/index.js';
export { undefinedIfNotFound } from './undefinedIfNotFound.js';
export type { RegistryWriter } from './registryWriter.js';
export type { RegistryReader } from './registryReader.js';
export { readSecretFile } from './keyFile.js';
