export { dueOf, IN_FORCE, isRelied, type Due, type InForce, type Traceability } from './compliance.js';
export { findingsOf } from './findings.js';
export type { InstrumentInput, Period, ReportOptions, VerdictFrom } from './input.js';
export type { Quality, QualityFinding, Scores } from './quality.js';
export { instrumentReport, needsAttention, type Condition, type InstrumentReport } from './report.js';
export { instrumentText } from './text.js';
