/** Digital Calibration Certificates (PTB DCC XML 2.2 to 3.3): reading, inspecting, keeping and writing them. */
export { readCertificate, type Certificate } from './certificate.js';
export { DCC_ERRORS, DccError, type DccErrorCode } from './errors.js';
export { readCertificateFile } from './file.js';
export {
  inspectBytes,
  inspectFile,
  type InspectedDevice,
  type InspectedItem,
  type InspectedParent,
  type InspectedQuantity,
  type InspectedResult,
  type Inspection,
} from './inspect.js';
export { isAnalogue, parentFileSha256, parentsOf, type ParentReference } from './parents.js';
export { DEFAULT_XML_LIMITS, type XmlLimits } from './xml.js';
export { draftReport, type ParentDraft, type ReportDraft } from './report.js';
export { DirectoryStore, sha256Hex, type ContentStore } from './store.js';
export {
  writeCertificate,
  type NewCertificate,
  type NewColumn,
  type NewContact,
  type NewDevice,
  type NewParent,
} from './write.js';
