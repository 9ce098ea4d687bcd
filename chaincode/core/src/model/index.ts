export { DEVICE_KINDS } from './bodies/devices.js';
export type { DeviceKind, Imprint, Interval, Transfer } from './bodies/devices.js';
export { CERTIFIES, ORGANISATION_KINDS, PERSON_ROLES } from './bodies/organisations.js';
export type {
  Accreditation,
  Authorisation,
  Membership,
  OrganisationKind,
  PersonRole,
  Reduction,
} from './bodies/organisations.js';
export type {
  Admission,
  Founding,
  HeartbeatBody,
  Institute,
  RegistryPolicy,
  Seal,
  Thresholds,
} from './bodies/registry.js';
export { DIGEST_ALGORITHMS, VOUCHED_OUTCOMES, VOUCHING_KINDS } from './bodies/reports.js';
export type {
  Acceptance,
  Confirmation,
  Consent,
  FileDigest,
  JudgedResults,
  OpenedResults,
  PaperResult,
  Parent,
  Rejection,
  ReportBody,
  ResultsDigest,
  ResultsSummary,
  Review,
  StatedCertificate,
  StatedSeal,
  Vouching,
} from './bodies/reports.js';
export { FORWARD_REASONS, REVOCATION_REASONS } from './bodies/standing.js';
export type { Reinstatement, Revocation, RevocationReason, Suspension } from './bodies/standing.js';
export { FACT_READERS } from './bodies/pseudonym.js';
export type { FactReaders, Pseudonym } from './bodies/pseudonym.js';
export {
  MAX_ACCEPTANCES_OF_A_REPORT,
  FEWEST_SEALED,
  MAX_ACCREDITATIONS_OF_AN_AUTHOR,
  MAX_ARGUMENTS,
  MAX_BODIES_OF_AN_INSTITUTE,
  MAX_CONFIRMATIONS_OF_AN_AUTHOR,
  MAX_VOUCHINGS_OF_AN_AUTHOR,
  MAX_CONFIRMING_OF_A_MEMBER,
  MAX_CONFIRMING_OF_AN_INSTITUTE,
  MAX_EXTENT_WORDS,
  MAX_EXTENTS,
  MAX_FACTS,
  MAX_INSTITUTES,
  MAX_INTERVALS,
  MAX_ITEMS,
  MAX_KEYS,
  MAX_KINDS,
  MAX_LINES,
  MAX_LINES_OF_AN_AUTHOR,
  MAX_OF_AN_AUTHOR,
  MAX_OPENED,
  MAX_PAPER_RESULTS,
  MAX_PARENTS,
  MAX_REQUIREMENTS_CHARACTERS,
  MAX_RESULTS,
  MAX_REVIEWED,
  MAX_ROWS,
  MAX_SEAL_CERTIFICATES,
  MAX_USES,
} from './bounds.js';
export { canonicalBytes, canonicalJson, withText } from './canonical.js';
export type {
  AccreditationGrant,
  AccreditationLine,
  Cmc,
  ConstantCmc,
  LinearCmc,
  LineArgument,
  LinePlace,
  MatrixCmc,
  MethodLevel,
  TableCmc,
  Variable,
  WorkPlace,
} from './cmc.js';
export { whyNoLimitAtZero } from './cmcAtZero.js';
export { accreditationGrantSchema, accreditationLineSchema, MAX_MATRIX_NODES } from './cmcSchema.js';
export { PUBLISHED_CONSTANTS, publishedConstant } from './constants.js';
export type { PublishedConstant } from './constants.js';
export { entriesOf } from './entries.js';
export { isUnsound, refusalText, REGISTRY_ERROR_CODES, RegistryError } from './errors.js';
export type { RegistryErrorCode } from './errors.js';
export { frozen } from './frozen.js';
export { IDENTIFIER, ORGANISATION_ID, OWNED_ID, QUANTITY, registrantOf, SHA256_HEX } from './identifiers.js';
export { issueText } from './issueText.js';
export { EXACT_RELATIONS, exactRelation, relatedKind } from './exactRelations.js';
export type { Estimate, ExactRelation, RelatedKind } from './exactRelations.js';
export { DEFAULT_JSON_LIMITS, parseJson } from './json.js';
export type { Json, JsonLimits, JsonObject } from './json.js';
export { isKindName, kindNameFrom } from './kindNames.js';
export {
  differenceKind,
  dimensionOfKind,
  fitsUnit,
  isCanonicalKind,
  kindNamed,
  KINDS,
  kindsOfUnit,
  scaleOf,
  valuesOf,
} from './kinds.js';
export type { QuantityKind } from './kinds.js';
export type { KcdbPlace, Scale, Values } from './kindTable/index.js';
export { log10, tenTo } from './logarithm.js';
export { isSameName, isSameNumber, legalName, mayBeSameName, namesLaboratory, nameWords } from './legalNames.js';
export type { KnownAs } from './legalNames.js';
export { FrozenMemo, Memo, MOST_REMEMBERED, weigh, weightOf } from './memo.js';
export { ownValue } from './own.js';
export { proposeKind } from './proposeKind.js';
export type { KindEvidence, KindProposal } from './proposeKind.js';
export {
  claimsWithheld,
  factName,
  factReaders,
  isSamePseudonym,
  looksLikePseudonym,
  openlyStated,
  pseudonymOf,
  pseudonymSchema,
  readersOf,
  STATED_FACTS,
  WITHHELD,
  WITHHELD_COUNTRY,
} from './pseudonym.js';
export { afterAll, isOfEarlierEpoch, precedes } from './records.js';
export type {
  AcceptedReport,
  Anchor,
  CertifiedEntry,
  DeviceRecord,
  Entry,
  Epoch,
  EpochDigest,
  HeartbeatRecord,
  Jws,
  JwsSignature,
  OrganisationRecord,
  OwnerEntry,
  PersonRecord,
  Reads,
  Registered,
  RegistryRecord,
  ReportRecord,
  SealedEpoch,
} from './records.js';
export { requireReportSize } from './reportSize.js';
export { READER_KEY_TYPE, readerKeyShape } from './readerKey.js';
export type { PublicReaderKey, ReaderKey } from './readerKey.js';
export { DISCLOSURE_TYPE, disclosureSchema } from './disclosure.js';
export type { DisclosedLeaf, Disclosure, SealedLeaf } from './disclosure.js';
export { ACCREDITATION_POLICIES, STRICT_CHECKS } from './requirements.js';
export type { AccreditationPolicy, KindInterval, Requirements, StrictCheck } from './requirements.js';
export { BOUNDED_DISTRIBUTIONS, METHOD_CLASSES, SOURCE_ROLES, STATED_CONFORMITIES } from './results.js';
export type {
  Argument,
  BoundedDistribution,
  Constant,
  Extent,
  ExtentArgument,
  MethodClass,
  Result,
  ResultConformity,
  Row,
  SourceRole,
  StatedConformity,
  Support,
  Uncertainty,
  Use,
} from './results.js';
export { resultSchema, uncertainty as uncertaintySchema } from './resultSchema.js';
export {
  isKind,
  itemSchema,
  jwsSchema,
  kindOf,
  parseAs,
  schemaOf,
  shapeOf,
  statementOf,
  SUBMISSION_LIMITS,
  submissionSchema,
} from './schemas.js';
export type { Item, Submission } from './schemas.js';
export { finite, instant, text, unit } from './shapes.js';
export * as shapes from './shapes.js';
export { STATEMENT_TYPES, SUBJECT_KINDS } from './statements.js';
export type { Bodies, Statement, StatementAs, StatementKind, StatementOf, Subject, SubjectKind } from './statements.js';
export { NOT_NAMED, plainText } from './text.js';
export {
  dateOf,
  earliestMomentOf,
  instantOf,
  isCalendarDate,
  isInstant,
  millisecondsOf,
  parseAsOf,
  plusDays,
  TIME_WINDOW_MS,
} from './time.js';
export type { CalendarDate, Instant } from './time.js';
export { printable } from './printable.js';
export { unitOfKind } from './unitOfKind.js';
export { unitName, unitText, withUnit } from './unitText.js';
export { isUnit, parseUnit, readUnit, UNIT_NAMES, UnitError } from './units.js';
export type { Unit, UnitErrorCode } from './units.js';
export { chainedDigest, logLine, MOST_EPOCHS } from './changeLog.js';
export type { LoggedTransaction } from './changeLog.js';
export { recordShapes } from './recordShapes.js';
export type { RecordShapes } from './recordShapes.js';
