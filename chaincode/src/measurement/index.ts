export * from './api.js';
export { MeasurementContract } from './measurementContract.js';
