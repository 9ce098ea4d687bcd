/** Calibration and measurement capabilities: what an accreditation covers, and how an uncertainty compares with it. */
export { convertedDifference, convertedValue, positionIn, type Placed, type UnitRange } from './convert.js';
export * from './coverage.js';
export * from './describe.js';
export * from './judge.js';
export { isSameMethod } from './method.js';
export * from './policy.js';
export * from './row.js';
export * from './u95.js';
export { cmcAt, type Position } from './value.js';
