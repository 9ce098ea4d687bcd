/** Drafting reports of the registry from certificates. */
export {
  draftCertificate,
  type CertificateDraft,
  type DraftOptions,
  type DraftReplacement,
  type ItemDraft,
} from './draft.js';
export { AFTER_ADJUSTMENT } from './asFound.js';
export type { Claims } from './claims.js';
export type { DraftCondition } from './conditions.js';
export type { DraftConformity, Limit } from './conformity.js';
export { digestOf, type ParentDigest } from './digests.js';
export type { ItemIdentity } from './items.js';
export { ofPoints, takeKind, type DraftKind, type KindProposer, type ProposedKind } from './kinds.js';
export { NO_MAPPING, readMapping, paperParentOf, readPaperParent, type Mapping, type PaperParent } from './mapping.js';
export type { DraftMethod, MethodClass, MethodProposal } from './methods.js';
export type { DraftParent, DraftParentCertificate, Use, UseRole } from './parents.js';
export type { DraftResult } from './drafted.js';
export type { Decision, LeftOut, Origin, Question, RowNote } from './shapes.js';
export type { Argument as DraftArgument, Result as ReportResult, Row as DraftRow } from './shapes.js';
