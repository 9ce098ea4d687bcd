export type { Log } from './log.js';
export type { EmbeddedNetwork, EmbeddedOptions, OrganisationEndpoint } from './network.js';
export { LedgerError, openLedger } from './ledger/index.js';
