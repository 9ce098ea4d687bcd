/** What commands, a console and services share: sessions, keys, what is signed and submitted, certificates as files. */
export { all } from './all.js';
export { APPLICATION_ERRORS, ApplicationError } from './errors.js';
export type { ApplicationErrorCode } from './errors.js';
export { describeFailure } from './failure.js';
export type { Failure } from './failure.js';
export { readBytes, readJsonFile, readText } from './files/inputFile.js';
export { requireNewFile, writeNewFile } from './files/newFile.js';
export { CalibrationKeys } from './keys/calibrationKeys.js';
export { findRegistryChannel, REGISTRY } from './session/consortium.js';
export type { Channel, Consortium, KnownMember, Level, Member } from './session/consortium.js';
export { profileConsortium } from './session/profileConsortium.js';
export { Session } from './session/session.js';
export type { Patience, Workplace } from './session/session.js';
export { SITE_LEVELS, siteOf } from './session/site.js';
export type { SiteLevel } from './session/site.js';
export { WaitingChildren } from './session/waitingChildren.js';
export { isObject, withMeantKinds } from './scopes/meantKinds.js';
export { parseScopesFile, readScopes, SCOPES_FILE_FORMAT } from './scopes/parseScopesFile.js';
export { accreditationItem, linesToReduce, reductionItems, renewalItems } from './operations/accreditations.js';
export type { GrantedLine, Reduction } from './operations/accreditations.js';
export { accreditorOf } from './operations/accreditor.js';
export { anchorFiles } from './operations/anchors.js';
export { consequencesOf, dependingOn, reachesBack } from './operations/consequences.js';
export type { Consequences, ConsequencesReader, Withdrawal } from './operations/consequences.js';
export { acceptanceItem, consentItem, isAcceptedAlready, rejectionItem } from './operations/decisions.js';
export { deliver, register, requireDeliverable } from './operations/deliver.js';
export type { Delivered, Delivery } from './operations/deliver.js';
export { deviceItem, intervalItem, renewDevice, transferItem } from './operations/devices.js';
export { dueDates, LISTED_STATES } from './operations/dueDates.js';
export type { DueDate, ListedState } from './operations/dueDates.js';
export { heartbeat } from './operations/heartbeats.js';
export type { Heartbeat } from './operations/heartbeats.js';
export { devicesToTrace, deviceToTrace, ownId, registeredId, subjectOf, SUBJECTS } from './operations/ids.js';
export type { Catalogue, NamedKind } from './operations/ids.js';
export { firstInstitute, organisationItems, renewOrganisation } from './operations/organisations.js';
export { ownedDevices, ownersOf } from './operations/ownedDevices.js';
export { PAPER_EXAMPLE, PAPER_OPTION, paperParent } from './operations/paperParent.js';
export { newPersonItem, officerOf, personItem, reauthorise } from './operations/people.js';
export { certificateOf, differencesIn } from './operations/reportCertificate.js';
export { daysOf, reportFacts } from './operations/reportFacts.js';
export type { FactsReader, NamedOrganisation, ReportFacts } from './operations/reportFacts.js';
export { issueReport } from './operations/reports.js';
export type { IssuedReport, Issuing } from './operations/reports.js';
export { changedRequirements, ownerNamed, requirementsItem } from './operations/requirements.js';
export type { RequirementsChange } from './operations/requirements.js';
export { ownReportsToReview, reportsToReview, reviewItem } from './operations/reviews.js';
export type { ReviewReader, ToReview } from './operations/reviews.js';
export { findDevices, isIndexed } from './operations/search.js';
export type { FoundDevice, Search, SearchReader } from './operations/search.js';
export { settle } from './operations/settle.js';
export { missingSignatures, sign, signAs } from './operations/sign.js';
export { slug } from './operations/slug.js';
export { standingItem } from './operations/standing.js';
export type { StandingAction } from './operations/standing.js';
export { readItems, rewriteItems } from './operations/statementFile.js';
export { readBack, recordVerdicts } from './operations/verdicts.js';
export type { ReadBack, Recording } from './operations/verdicts.js';
export {
  calibratedItem,
  candidateOf,
  contentOf,
  inOrderOfDescent,
  isNamedBy,
  readCandidate,
} from './certificates/candidate.js';
export type { CalibratedItem, Candidate } from './certificates/candidate.js';
export { certificateFiles } from './certificates/certificateFiles.js';
export type { Library } from './certificates/findParent.js';
export { describedReport } from './certificates/describedReport.js';
export type { DescribedReport, ReportDescription } from './certificates/describedReport.js';
export { fingerprintOf, onlyCertificateIn } from './certificates/fingerprint.js';
export { importCertificate, isNewlyImported } from './certificates/importCertificate.js';
export type { ImportRole } from './certificates/importCertificate.js';
export type { Imported, NewlyImported, SignedImport } from './certificates/imported.js';
export { importFiles } from './certificates/importFiles.js';
export type { ImportOptions, ImportOutcome, RefusedImport } from './certificates/importFiles.js';
export { issuedBy } from './certificates/issuer.js';
export { MAPPING_EXAMPLE, readMappingFile } from './certificates/mappingFile.js';
export { matchParents } from './certificates/parents.js';
export type { GivenParents, MatchedParents } from './certificates/parents.js';
export { differencesFromOriginal } from './certificates/readAgain.js';
export { contradictMakers, contradictModels } from './certificates/sameMaker.js';
export { differencesOfSeals, sealOf } from './certificates/seal.js';
export { establish } from './founding/establish.js';
export type { FoundingStep } from './founding/establish.js';
export { foundingOf } from './founding/founding.js';
