/** How an instrument is, by observations beside a reference. */
export { INSTRUMENT_FINDINGS, type InstrumentFinding, type InstrumentFindingName } from './findings.js';
export { healthOf, type Health, type HealthOptions } from './health.js';
export type { Observation } from './observation.js';
