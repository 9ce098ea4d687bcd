/** A conclusion of the monitor; the contract that records it computes the same id. */
export { findingId } from '@tracecal/core/contracts';
export type { Finding, Proposed, Subject } from '@tracecal/core/contracts';
