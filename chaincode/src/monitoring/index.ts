export { MonitoringContract } from './monitoringContract.js';
