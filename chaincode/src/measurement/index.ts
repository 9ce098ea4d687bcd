export * from '@tracecal/core/contracts';
export { MeasurementContract } from './measurementContract.js';
