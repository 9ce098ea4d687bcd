/** Digital Calibration Certificates (PTB DCC XML 2.2 to 3.3): reading, inspecting, keeping and writing them. */
export { readCertificate, type Certificate } from './certificate.js';
export { CONFORMITIES, type Conformity } from './conformity.js';
export * from './draft/index.js';
export {
  matchDigest,
  readProcedure,
  type DigestAlgorithm,
  type DigestMatch,
  type DigestProcedure,
  type StatedDigest,
} from './digests/index.js';
export type { CertificateReference, Equipment } from './equipment.js';
export { DCC_ERRORS, DccError, type DccErrorCode } from './errors.js';
export { readCertificateFile } from './file.js';
export { inspectBytes, inspectFile, type InspectedFile, type Inspection } from './inspect.js';
export type {
  InspectedDevice,
  InspectedEquipment,
  InspectedItem,
  InspectedMark,
  InspectedParent,
  InspectedReference,
  InspectedSet,
} from './inspectDevices.js';
export type { InspectedCondition, InspectedContact, InspectedMethod, InspectedResult } from './inspectParts.js';
export type { InspectedQuantity, InspectedStatement } from './inspectQuantities.js';
export type { Item } from './items.js';
export { meantKind, writtenKind } from './meantKind.js';
export { oneLine } from './oneLine.js';
export { describedPaper, outsideParent, type OutsideParent } from './outsideParent.js';
export { isAnalogue, parentFileSha256, parentsOf, type ParentReference } from './parents.js';
export type { ComplexPoint, Point } from './quantities.js';
export { reportsOf, type CertificateReports, type ItemReport } from './report/index.js';
export type { Result } from './results.js';
export type { Quantity, ResultPoint } from './data.js';
export {
  SEAL_STEPS,
  verifySeal,
  type Seal,
  type SealedCertificate,
  type SealState,
  type SealStep,
  type SealTrust,
} from './seals/index.js';
export type { Statement } from './data.js';
export { DirectoryStore, sha256Hex, type ContentStore } from './store.js';
export type { Text } from './text.js';
export type { Uncertainty } from './uncertainty.js';
export type { Unsupported } from './unsupported.js';
export { Validator, type Finding, type Validation, type ValidationOptions } from './validate/index.js';
export type {
  NewCertificate,
  NewColumn,
  NewCondition,
  NewContact,
  NewDevice,
  NewNumbers,
  NewParent,
  NewResult,
  NewStatement,
  NewWords,
} from './newCertificate.js';
export { omissionNotes, omissionsOf, type Omission } from './reportContent.js';
export { writeCertificate } from './write.js';
export { DEFAULT_XML_LIMITS, type XmlLimits } from './xml.js';
export {
  draftCertificate,
  NO_MAPPING,
  ofPoints,
  readMapping,
  paperParentOf,
  readPaperParent,
  takeKind,
  type CertificateDraft,
  type Claims,
  type Decision,
  type DraftCondition,
  type DraftConformity,
  type DraftOptions,
  type DraftParent,
  type DraftResult,
  type ItemDraft,
  type KindProposer,
  type Limit,
  type Mapping,
  type MethodClass,
  type PaperParent,
  type ParentDigest,
  type ProposedKind,
  type Question,
  type Use,
  type UseRole,
} from './draft/index.js';
