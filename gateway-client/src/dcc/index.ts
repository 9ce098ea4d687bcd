/** Digital Calibration Certificates (PTB DCC XML 2.2 to 3.3): reading, inspecting, keeping and writing them. */
export { readCertificate, type Certificate } from './certificate.js';
export { CONFORMITIES, type Conformity } from './conformity.js';
export {
  draftCertificate,
  NO_MAPPING,
  ofPoints,
  paperParentOf,
  readMapping,
  readPaperParent,
  takeKind,
  type CertificateDraft,
  type Claims,
  type Decision,
  type DraftArgument,
  type DraftCondition,
  type DraftConformity,
  type DraftKind,
  type DraftMethod,
  type DraftOptions,
  type DraftParent,
  type DraftParentCertificate,
  type DraftReplacement,
  type DraftResult,
  type DraftRow,
  type ItemDraft,
  type ItemIdentity,
  type KindProposer,
  type LeftOut,
  type Limit,
  type Mapping,
  type MethodClass,
  type MethodProposal,
  type Origin,
  type PaperParent,
  type ParentDigest,
  type ProposedKind,
  type Question,
  type ReportResult,
  type RowNote,
  type Use,
  type UseRole,
} from './draft/index.js';
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
export type {
  InspectedCondition,
  InspectedContact,
  InspectedMethod,
  InspectedResult,
  InspectedSoftware,
} from './inspectParts.js';
export type { InspectedQuantity, InspectedStatement } from './inspectQuantities.js';
export type { EquipmentClass, Item, Items } from './items.js';
export { meantKind, writtenKind } from './meantKind.js';
export { oneLine } from './oneLine.js';
export { describedPaper, outsideParent, type OutsideParent } from './outsideParent.js';
export { parentFileSha256, parentsOf, type ParentReference } from './parents.js';
export type { ComplexPoint, Point, Values } from './quantities.js';
export { reportsOf, type CertificateReports, type ItemReport } from './report/index.js';
export type { Measurement, Result } from './results.js';
export type { Circumstances, Condition, Method, Quantity, ResultData, ResultPoint } from './data.js';
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
export type { Formula, Text } from './text.js';
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
export { omissionNotes, type Omission } from './reportContent.js';
export { writeCertificate } from './write.js';
export { DEFAULT_XML_LIMITS, type XmlLimits } from './xml.js';
export type { AdministrativeData, CoreData, Laboratory, ResponsiblePerson } from './administrative.js';
export type { TablePlace } from './draft/column.js';
export type { RowUncertainty } from './draft/shapes.js';
export type { ByteForm } from './digests/forms.js';
export type { DeviceIdentity, Identification } from './identifications.js';
export type { Software } from './software.js';
export type { PrimitiveQuantity } from './primitive-quantities.js';
export type { Contact } from './contacts.js';
export type { Decimal } from './decimals.js';
export type { ParentPlaces } from './report/result.js';
export type { CanonicalForm } from './libxml/canonical.js';
