/** What probes of an instrument show, beside what its site sends. */
export { judgeAnswer, NONCE_ARGUMENT, type Challenge, type JudgedAnswer } from './challenge.js';
