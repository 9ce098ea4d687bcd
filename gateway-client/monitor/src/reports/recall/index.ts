export { recallLetters, recallText, type AffectedReport, type FallenStandard, type RecallLetter } from './letters.js';
