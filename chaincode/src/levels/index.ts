export { certificatesOf, deviceCertificates, registryName, requireOfficer } from './signers.js';
export { measurementBeside, REGISTRY, requireKind } from './sources.js';
