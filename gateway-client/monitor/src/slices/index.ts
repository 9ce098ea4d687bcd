/** What a user of an operator sees and may do, and how that is given on. */
export type { HeldFinding, InstrumentHealth, PageOf, WholeData } from './data.js';
export { QuotaCounts, type Account, type Taken, type Use } from './quotas.js';
export { Refusal, REFUSALS, type RefusalCode } from './refusal.js';
export {
  hasWholeSite,
  isWithin,
  RIGHTS,
  sliceSchema,
  widerIn,
  type ProbeLimits,
  type Quotas,
  type Right,
  type Slice,
} from './slice.js';
export { SlicedData, type Asker, type Paged } from './slicedData.js';
