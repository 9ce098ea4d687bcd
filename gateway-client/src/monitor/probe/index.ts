/** What probes of an instrument show, beside what its site sends. */
export { judgeAnswer, NONCE_ARGUMENT, type Challenge, type JudgedAnswer } from './challenge.js';
export { liarOf, type LiarOptions } from './liar.js';
export {
  PROBE_FINDINGS,
  type FailedProbe,
  type ProbedValue,
  type ProbeFinding,
  type ProbeFindingName,
  type SentValue,
  type Shown,
  type ShownValue,
} from './values.js';
