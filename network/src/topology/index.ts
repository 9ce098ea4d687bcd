export type * from './consortium.js';
export { ConsortiumError } from './consortium-error.js';
export type { ConsortiumErrorCode, ConsortiumProblem } from './consortium-error.js';
export { defaultConsortiumFile, parseConsortium, readConsortium } from './read.js';
