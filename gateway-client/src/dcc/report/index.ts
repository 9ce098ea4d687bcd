/** What certificates become in the registry: one report an item. */
export { reportsOf, type CertificateReports, type ItemReport } from './itemReport.js';
