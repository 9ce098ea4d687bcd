/** Code shared by commands, a console and services: sessions, keys, signing and submitting, certificates as files. */
export { all } from './all.js';
export { APPLICATION_ERRORS, ApplicationError } from './errors.js';
export type { ApplicationErrorCode } from './errors.js';
export { describeFailure } from './failure.js';
export type { Failure } from './failure.js';
export { MOST_BYTES_OF, whyUnreadable as unreadable, withStandardInput } from '../files/index.js';
export { readBytes, readExactText, readJsonText, readText } from './files/inputFile.js';
export { linesIn } from './files/inputLines.js';
export { makeNewFolder, requireNewFile, writeExchangedFile, writeNewFile } from './files/newFile.js';
export { recordQuestion, requireRecord } from './files/recordQuestion.js';
export type { AskedQuestion } from './files/recordQuestion.js';
export { atomicWrite } from '../client/atomicWrite.js';
export { configurationBlocks } from '../client/configurationBlocks.js';
export { CalibrationKeys } from './keys/calibrationKeys.js';
export type { IssuedCertificate, Renewal } from './keys/calibrationKeys.js';
export { requestOf } from './keys/missingKey.js';
export type { SurveyedKey } from './keys/survey.js';
export { findRegistryChannel, REGISTRY } from './session/consortium.js';
export type { Channel, Consortium, KnownMember, Level, Member } from './session/consortium.js';
export { registryIn } from './session/foundingFile.js';
export { profileConsortium } from './session/profileConsortium.js';
export { Session } from './session/session.js';
export type { Patience, Workplace } from './session/session.js';
export { SITE_LEVELS, siteOf } from './session/site.js';
export type { SiteLevel } from './session/site.js';
export { WaitingChildren } from './session/waitingChildren.js';
export { withMeantKinds } from './scopes/meantKinds.js';
export type { JsonObject } from './scopes/meantKinds.js';
export { parseScopesFile, readScopes, SCOPES_FILE_FORMAT } from './scopes/parseScopesFile.js';
export { compareMembers, exportLog, logFolder, readSeen, writeSeen } from './log/index.js';
export type { Exported, MemberHead, MemberLog, MembersCompared } from './log/index.js';
export {
  anchorLog,
  batchesOfLog,
  batchWith,
  correctionInFile,
  correctionsIn,
  influencesInFile,
  KnownDevices,
  LineFilter,
  MOST_MEASUREMENT_BYTES,
  MOST_READING_BYTES,
  openPassed,
  proveMeasurement,
  provenCalibration,
  readingOf,
  readOperatorPin,
  readProvenCalibration,
  signAndClose,
  signReadings,
  verdictInForce,
} from './measurements/index.js';
export type {
  AnchoredBatch,
  AnchoringOptions,
  AnchoringSite,
  Correction,
  Dropped,
  Filtered,
  FilteringOptions,
  InfluenceOn,
  KnownDevicesOptions,
  OutsideReading,
  PassedFile,
  ProvedMeasurement,
  ProvenAsked,
  ProvenCalibration,
  RawReading,
  SigningOptions,
} from './measurements/index.js';
export { publishProofs, verifyingPage } from './publish/index.js';
export type { Publication, Published, PublishedBundle } from './publish/index.js';
export { blocksOf } from './operations/blocks.js';
export { accreditationItem, linesToReduce, reductionItems, renewalItems } from './operations/accreditations.js';
export type { GrantedLine, Reduced, Reduction } from './operations/accreditations.js';
export { instituteMsps, trustFromNetwork, trustMovedForward } from './operations/trust.js';
export type { TrustSpec } from './operations/trust.js';
export { accreditorOf } from './operations/accreditor.js';
export { affectedReports } from './operations/affectedReports.js';
export type { AffectedReport, Span } from './operations/affectedReports.js';
export { anchorFiles } from './operations/anchors.js';
export type { AnchoredFile, Anchoring } from './operations/anchors.js';
export { isParty } from './operations/parties.js';
export type { PartiesReader } from './operations/parties.js';
export { consequencesOf, dependingOn, reachesBack } from './operations/consequences.js';
export type { Consequences, ConsequencesReader, Withdrawal } from './operations/consequences.js';
export { acceptanceItem, consentItem, isAcceptedAlready, rejectionItem } from './operations/decisions.js';
export type { ConsentSpec } from './operations/decisions.js';
export { deliver, register, requireDeliverable } from './operations/deliver.js';
export type { Delivered, Delivery } from './operations/deliver.js';
export { deviceItem, intervalItem, renewDevice, transferItem } from './operations/devices.js';
export type { DeviceSpec } from './operations/devices.js';
export {
  answerDirective,
  exportDirectives,
  giveDirective,
  listDirectives,
  operatorPin,
  signOverride,
  submitDirective,
} from './operations/directives.js';
export type {
  AnswerSpec,
  DirectiveSpec,
  ExportedDirectives,
  GivenDirective,
  ListedDirective,
  OverrideSpec,
} from './operations/directives.js';
export { dueDates, LISTED_STATES } from './operations/dueDates.js';
export type { DueDate, DueQuestion, ListedState } from './operations/dueDates.js';
export { heartbeat } from './operations/heartbeats.js';
export type { Beat, Heartbeat, Uncovered } from './operations/heartbeats.js';
export {
  deviceAmong,
  subjectAmong,
  devicesToTrace,
  deviceToTrace,
  noSuchOrganisation,
  ownId,
  registeredId,
  subjectOf,
  SUBJECTS,
} from './operations/ids.js';
export type { Catalogue, NamedKind, Owned } from './operations/ids.js';
export { firstInstitute, organisationItems, renewOrganisation } from './operations/organisations.js';
export type { OrganisationSpec } from './operations/organisations.js';
export { keyFacts } from './operations/keyFacts.js';
export type { KeyFacts } from './operations/keyFacts.js';
export { listingOf } from './operations/listing.js';
export type { Listing } from './operations/listing.js';
export { ownedDevices, ownersOf } from './operations/ownedDevices.js';
export { PAPER_EXAMPLE, PAPER_OPTION, paperParent } from './operations/paperParent.js';
export { newPersonItem, officerOf, personItem, reauthorise } from './operations/people.js';
export type { PersonSpec } from './operations/people.js';
export { certificateOf, differencesIn } from './operations/reportCertificate.js';
export { daysOf, reportFacts } from './operations/reportFacts.js';
export type {
  Decision,
  DisclosedKind,
  FactsReader,
  NamedOrganisation,
  ReportFacts,
  ReviewFact,
  Standard,
} from './operations/reportFacts.js';
export { issueReport, orForgotten } from './operations/reports.js';
export type { IssuedReport, Issuing } from './operations/reports.js';
export {
  checkOpening,
  makeOpening,
  pseudonymPath,
  readFacts,
  statedOfDevice,
  statedOfOrganisation,
  takePseudonym,
} from './operations/pseudonyms.js';
export type { MadeOpening, OpeningWish, PseudonymWish } from './operations/pseudonyms.js';
export { changedRequirements, ownerNamed, requirementsItem } from './operations/requirements.js';
export type { RequirementsChange } from './operations/requirements.js';
export { ownReportsToReview, reportsToReview, reviewItem } from './operations/reviews.js';
export type { ReviewReader, ToReview } from './operations/reviews.js';
export { findDevices, isIndexed } from './operations/search.js';
export type { FoundDevice, Search, SearchReader } from './operations/search.js';
export { settle } from './operations/settle.js';
export type { Renewed } from './operations/settle.js';
export { missingSignatures, sign, signAs } from './operations/sign.js';
export type { SigningSession } from './operations/sign.js';
export type { OtherKeys } from './operations/sign.js';
export { slug } from './operations/slug.js';
export { standingItem } from './operations/standing.js';
export type { StandingAction, StandingRequest } from './operations/standing.js';
export { readItems, rewriteItems } from './operations/statementFile.js';
export { readBack, recordVerdicts } from './operations/verdicts.js';
export type { ReadBack, RecordedBatch, Recording } from './operations/verdicts.js';
export { candidateOf, inOrderOfDescent, isNamedBy, readCandidate } from './certificates/candidate.js';
export type { CalibratedItem, Candidate } from './certificates/candidate.js';
export { certificateFiles } from './certificates/certificateFiles.js';
export type { Library } from './certificates/findParent.js';
export { describedReport } from './certificates/describedReport.js';
export type { DescribedReport, ReportDescription } from './certificates/describedReport.js';
export { fingerprintOf, onlyCertificateIn } from './certificates/fingerprint.js';
export { importCertificate, isNewlyImported } from './certificates/importCertificate.js';
export type { ImportRole } from './certificates/importCertificate.js';
export type { Imported, ImportedReport, NewlyImported, SignedImport } from './certificates/imported.js';
export { importFiles } from './certificates/importFiles.js';
export type { ImportOptions, ImportOutcome, RefusedImport } from './certificates/importFiles.js';
export { MAPPING_EXAMPLE, readMappingFile } from './certificates/mappingFile.js';
export { matchParents } from './certificates/parents.js';
export type { GivenParents, MatchedParents } from './certificates/parents.js';
export { differencesFromOriginal } from './certificates/readAgain.js';
export { contradictMakers, contradictModels } from './certificates/sameMaker.js';
export { differencesOfSeals } from './certificates/seal.js';
export { establish } from './founding/establish.js';
export type { FoundingStep } from './founding/establish.js';
export { foundingOf } from './founding/founding.js';
export { checkFounding, FOUNDING_POLICY, foundersOf, signedByFounder, unsignedFounding } from './founding/statement.js';
export type { Founders, FoundingInstitute, FoundingState } from './founding/statement.js';
export { foundingText, readFounding, rewriteFounding } from './session/foundingFile.js';
export { offlineSigning } from './session/offlineSigning.js';
export type { ReportIdentity } from './operations/unsignedReport.js';
export { Bodies } from './confidential/bodies.js';
export { KeptResults } from './confidential/keptResults.js';
export { purgeable } from './operations/purge.js';
export type { Purgeable } from './operations/purge.js';
export type { KeptReport } from './confidential/keptResults.js';
export { ReaderKeys } from './confidential/readerKeys.js';
export { disclosedFacts } from './operations/disclosedFacts.js';
export { addReaderKey, checkedReader, makeReaderKey, readersNamed } from './operations/readers.js';
export type { NewReaderKey, ReaderKeyWish } from './operations/readers.js';
export { bodiesIn, discloseTo, encryptFor, fetchBodies, readConfidential } from './operations/bodies.js';
export type { Choice, Fetched, Given, Readership } from './operations/bodies.js';
export { NOTICE_KINDS } from './watch/notice.js';
export type { Cause, DueNotice, Notice, NoticeKind, Standing } from './watch/notice.js';
export { execSink } from './watch/execSink.js';
export { asRepeated, sayWaiting } from './watch/outbox.js';
export type { Sink } from './watch/outbox.js';
export { beginWatch, Watch } from './watch/watch.js';
export type { Watched, WatchOptions, WatchReader } from './watch/watch.js';
export { readWatch, writeWatch } from './watch/watchFile.js';
export type { Seen, WatchState } from './watch/watchFile.js';
export { WatchRounds } from './watch/watchRounds.js';
export { webhookSink, webhookUrl } from './watch/webhookSink.js';
export type { WebhookLimits } from './watch/webhookSink.js';
