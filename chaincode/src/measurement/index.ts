export { MeasurementContract } from './measurementContract.js';
