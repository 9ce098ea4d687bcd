/** What ever happened to a device, a report, a person or an organisation: from verified blocks, and checked again by anybody. */
export { AUDIT_TYPE, verdictSeen } from './audit.js';
export type {
  Audit,
  AuditedChain,
  AuditedEpoch,
  AuditedStatement,
  AuditedTransaction,
  Concern,
  Known,
  Maker,
  Owner,
  Provenance,
  SealSeen,
  StatementDetails,
  StatementSeen,
  Stay,
  VerdictSeen,
} from './audit.js';
export { auditOf } from './auditOf.js';
export type { Audited, AuditOptions } from './auditOf.js';
export { auditPage, stayWords } from './page.js';
export { compareAudits } from './compare.js';
export type { AuditComparison } from './compare.js';
export type { AuditDifference } from './differences.js';
export { EVIDENCE_TYPE, evidenceText, readEvidence } from './evidence.js';
export type { AuditEvidence, EvidenceBlocks } from './evidence.js';
export { CUSTODY_LEFT_OPEN, makerWords } from './provenance.js';
export { MOST_AUDIT_BYTES, readAudit } from './shape.js';
export type { Submitter } from './submitter.js';
export { AuditTrail, auditedBlock } from './trail.js';
export type { AuditedBlock } from './trail.js';
export { MOST_CONTRADICTIONS, verifyEvidence } from './verifyEvidence.js';
export type { EvidenceAsked, EvidenceReport } from './verifyEvidence.js';
export { beyondWords, elsewhereWords, signerWords, statementWords, untilWords, validityWords } from './words.js';
