/** What a user of an operator sees and may do, and how that is given on. */
export type { HeldFinding, InstrumentHealth, PageOf, WholeData } from './data.js';
export { authorityOf, type Authority, type Chain, type Holder, type Officer } from './authority.js';
export {
  delegationSchema,
  MOST_DAYS,
  MOST_LINKS,
  revocationSchema,
  signDelegation,
  signRevocation,
  type Delegation,
  type Revocation,
} from './delegation.js';
export { Delegations, type GivenDelegation } from './delegations.js';
export { ALGORITHMS, holderOf, MOST_SIGNED, publicKeyOf, userKeyOf, userKeySchema, type UserKey } from './keys.js';
export { MOST_TEXT, signObservation, userObservationSchema, type UserObservation } from './observation.js';
export { MOST_OBSERVATIONS, Observations, type Feedback, type Outcome, type ShownObservation } from './observations.js';
export { supportOf, weightOf, type Filed, type Record as ObserverRecord } from './weight.js';
export { mayIsolate, OBSERVED_BY_USERS, type ObservedByUsers } from './observedByUsers.js';
export { QuotaCounts, type Account, type Taken, type Use } from './quotas.js';
export { Refusal, REFUSALS, type RefusalCode } from './refusal.js';
export {
  hasWholeSite,
  isWithin,
  RIGHTS,
  sliceSchema,
  widerIn,
  type AllowedProbes,
  type Quotas,
  type Right,
  type Slice,
} from './slice.js';
export type { Registered, TraceAnswer, TraceQuestion, VerifiedBundle, WholeRegistry } from './registry.js';
export { SlicedObservations, SlicedRegistry } from './slicedRegistry.js';
export { SlicedData, type Asker, type Paged } from './slicedData.js';
