export { answered } from './answered.js';
export { ask } from './ask.js';
export type { AnsweredChallenge } from './ask.js';
export type { Challenge } from './challenge.js';
export { ChallengeService } from './challengeService.js';
export type { ChallengeServiceOptions } from './challengeService.js';
export { Problem } from './problem.js';
export type { Rates } from './rateLimit.js';
