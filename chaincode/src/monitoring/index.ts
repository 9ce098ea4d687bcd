export * from './api.js';
export { MonitoringContract } from './monitoringContract.js';
