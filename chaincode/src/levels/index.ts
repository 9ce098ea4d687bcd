export { certificatesOf, deviceCertificate, registryName, requireOfficer } from './signers.js';
export { measurementBeside, REGISTRY, requireKind } from './sources.js';
