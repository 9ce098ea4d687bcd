/** Validation of certificates with schemas (XSD) and rules (Schematron). */
export type { Finding } from './finding.js';
export { Validator, type Validation, type ValidationOptions } from './validate.js';
