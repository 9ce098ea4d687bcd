/** The command line as a library: run it in another program, or use its views and its handling of certificates. */
export {
  calibratedItem,
  candidateOf,
  inOrderOfDescent,
  readCandidate,
  type CalibratedItem,
  type Candidate,
} from './certificates/candidate.js';
export { certificateFiles } from './certificates/certificateFiles.js';
export type { Library } from './certificates/findParent.js';
export { importCertificate, type Imported, type ImportRole } from './certificates/importCertificate.js';
export { importFiles, type ImportOptions } from './certificates/importFiles.js';
export { matchParents, type GivenParents, type MatchedParents } from './certificates/parents.js';
export { differencesFromOriginal } from './certificates/readAgain.js';
export { contradictMakers, contradictModels } from './certificates/sameMaker.js';
export { dueDates, type DueDate, type ListedState } from './operations/dueDates.js';
export { changed as changedRequirements, type RequirementsChange } from './operations/requirements.js';
export { certificateOf, differencesIn } from './operations/reportCertificate.js';
export { reportFacts, type FactsReader, type ReportFacts } from './operations/reportFacts.js';
export { reportsToReview, type ReviewReader, type ToReview } from './operations/reviews.js';
export { findDevices, type FoundDevice, type Search, type SearchReader } from './operations/search.js';
export type { Catalogue } from './operations/ids.js';
export { slug } from './certificates/slug.js';
export { originalOf } from './commands/reportOriginal.js';
export { CalibrationKeys } from './data/calibrationKeys.js';
export { WaitingChildren } from './data/waitingChildren.js';
export { DataDirectory } from './data/dataDirectory.js';
export { CLI_ERRORS, CliError, type CliErrorCode } from './errors.js';
export { datedExamples } from './examples/dated.js';
export { writeExamples } from './examples/write.js';
export { EXIT, EXIT_WORDS, exitOfAll, exitOfError, exitOfStatus, exitOfVerdict } from './exit.js';
export { claimStart } from './network/startClaim.js';
export * as parse from './parse.js';
export { runCli } from './program.js';
export type { Session } from './session.js';
export { withMeantKinds } from './meantKinds.js';
export { parseScopesFile, SCOPES_FILE_FORMAT } from './scopes/parseScopesFile.js';
export { COLOURED, PLAIN, styleFor, type Style } from './style.js';
export { Terminal, type Streams } from './terminal.js';
export { dueTable } from './view/dueTable.js';
export { configurationWarning } from './view/configurationWarning.js';
export { requirementLines } from './view/requirementsText.js';
export { reportSheet } from './view/report/reportSheet.js';
export { sheetPage } from './view/report/sheetPage.js';
export { sheetText } from './view/report/sheetText.js';
export { cmcText, scopeTable, type ListedLine } from './view/scopeTable.js';
export { table, type Column } from './view/table.js';
export { layout as pyramidLayout, type Box, type Pyramid } from './view/pyramid/layout.js';
export { pyramidSvg } from './view/pyramid/pyramidSvg.js';
export { traceTree } from './view/traceTree.js';
