export { FIXED_DATES, presentDates } from './hierarchy/dates.js';
export type { Dates } from './hierarchy/dates.js';
export { Hierarchy } from './hierarchy/hierarchy.js';
export * from './hierarchy/samples.js';
export * from './hierarchy/specs.js';
export { readSigned } from './hierarchy/statements.js';
export { addKilogram, twoCountries, unsealedCountries } from './hierarchy/twoCountries.js';
export { transactionOf } from './hierarchy/transactions.js';
