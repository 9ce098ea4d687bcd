export * from '@tracecal/core/contracts';
export { MonitoringContract } from './monitoringContract.js';
