export { Backoff, type BackoffOptions } from './backoff.js';
export { Outbox, type FindingsLedger, type Kept, type OutboxOptions } from './outbox.js';
