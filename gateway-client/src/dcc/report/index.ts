/** Conversion of certificates to the registry's form: one report per item. */
export { reportsOf, type CertificateReports, type ItemReport } from './itemReport.js';
