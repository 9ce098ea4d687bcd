export {
  DIRECTED_REQUESTS,
  DIRECTIVE_KINDS,
  DIRECTIVE_TYPE,
  directiveOf,
  isAbout,
  MAX_DIRECTED,
  MAX_DIRECTED_MEASUREMENTS,
  MAX_DIRECTIVE_NUMBER,
  MOST_OVERRIDE_MS,
  numberFor,
  ROOM_FOR_REQUESTS,
} from './directive.js';
export type { Directed, Directive, DirectiveKind, Limit, ToMeasure } from './directive.js';
export { MAX_DIRECTIVE_CHARACTERS, readDirective, unverifiedDirective } from './signed.js';
export type { DirectiveEnvelope, OperatorPin, RevokedCertificate, SignedDirective } from './signed.js';
export { overrideOf, readDirectives, standingOf } from './standing.js';
export type {
  DeviceStanding,
  DirectiveConflict,
  Directives,
  DirectiveSeen,
  DirectivesSeen,
  InForce,
  NamedText,
  Override,
  StandingAsked,
} from './standing.js';
export { ANSWER_OUTCOMES, ANSWER_TYPE, answerThatCounts, readAnswer, unverifiedAnswer } from './answer.js';
export type { Answer, AnswerOutcome, SignedAnswer } from './answer.js';
