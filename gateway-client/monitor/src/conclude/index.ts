export { Backoff, type BackoffOptions } from './backoff.js';
export { directivesOn, type DirectivesRead, type DirectivesSource } from './directives.js';
export { Outbox, type FindingsLedger, type Kept, type OutboxOptions } from './outbox.js';
export { Proposals, type LookOptions, type ProposedCohort } from './proposals.js';
