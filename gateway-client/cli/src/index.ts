/** The command line as a library: run it in another program, or use its views. */
export { confirmationOptions, requireConfirmed, type Confirmation } from './commands/confirmation.js';
export { exitOfMemberStatus } from './commands/memberStatus.js';
export { originalOf } from './commands/reportOriginal.js';
export { DataDirectory } from './data/dataDirectory.js';
export { CLI_ERRORS, CliError, type CliErrorCode } from './errors.js';
export { aboutData } from './failure.js';
export { datedExamples } from './examples/dated.js';
export { writeExamples } from './examples/write.js';
export {
  EXIT,
  EXIT_OF_APPLICATION_ERROR,
  EXIT_WORDS,
  exitOfAll,
  exitOfError,
  exitOfStatus,
  exitOfVerdict,
} from './exit.js';
export { CHECKS } from './doctor/checks/index.js';
export { diagnose } from './doctor/diagnose.js';
export type { Check, Examined, Finding, FindingLevel } from './doctor/check.js';
export { followLog } from './network/followLog.js';
export * as parse from './parse.js';
export { buildProgram, runCli } from './program.js';
export { callOf, hintsFor, spellHints } from './hint.js';
export { COLOURED, PLAIN, styleFor, type Style } from './style.js';
export { asciiOf } from './text/ascii.js';
export { quoted, word } from './text/quoted.js';
export { widthOf } from './text/width.js';
export { wrap } from './text/wrap.js';
export { Terminal, type Streams } from './terminal.js';
export { consequencesText } from './view/consequencesText.js';
export { exportedDirectivesText } from './commands/directiveExport.js';
export { deliveredText } from './view/delivered.js';
export { dueTable } from './view/dueTable.js';
export { memberStatusText } from './view/memberStatusText.js';
export { affectedText } from './view/measurementText.js';
export { noticeText } from './view/noticeText.js';
export { configurationWarning } from './view/configurationWarning.js';
export { listingText } from './view/listingText.js';
export { keyLines, standingLines, standingWord } from './view/standingText.js';
export { requirementLines } from './view/requirementsText.js';
export { reportSheet } from './view/report/reportSheet.js';
export { sheetPage } from './view/report/sheetPage.js';
export { sheetText } from './view/report/sheetText.js';
export { cmcText, scopeTable, type ListedLine } from './view/scopeTable.js';
export { table, type Column } from './view/table.js';
export { layout as pyramidLayout, type Box, type Pyramid } from './view/pyramid/layout.js';
export { pyramidSvg } from './view/pyramid/pyramidSvg.js';
export { noteLines } from './view/noteLines.js';
export { importText } from './view/imported.js';
export { traceTree } from './view/traceTree.js';
export { measurementReportText } from './view/measurementText.js';
