export { acceptanceOf, rejectionOf, type Decision } from './decisions.js';
export { readReport, referenceTo, type ReportReference } from './readReport.js';
export { ReportBuilder, type ReportContent, type ReportIdentity, type UnsignedReport } from './reportBuilder.js';
export { signReport } from './signReport.js';
export {
  disclosuresOf,
  disclosureText,
  judgeDisclosed,
  readDisclosure,
  readDisclosureFile,
  type SealedReport,
} from './disclosures.js';
