export { Staging } from './files.js';
export { ROLES_ATTRIBUTE } from './holderFactory.js';
export {
  admitNewAuthority,
  certifiedAnew,
  hasTwoAuthorities,
  prepareNode,
  renewCertificates,
  renewNode,
  retireOldAuthority,
} from './rotation.js';
export { writeCryptoConfig } from './cryptoConfig.js';
export { takeEnrolled } from './enrolled.js';
export {
  loadConsortiumMsps,
  loadIdentityCertificate,
  loadMsp,
  loadSigningIdentity,
  loadServerCertificate,
  loadTls,
  tlsRootsOf,
} from './msp.js';
export type { MspMaterial, NodeOu, NodeOus, SigningIdentity, TlsMaterial } from './msp.js';
export { connectionProfileFile, writeConnectionProfiles } from './profile.js';
export type { PortsByHost } from './profile.js';
export { writePublicTrees, type PublicOrganisation } from './publicTree.js';
export { hostOf, memberTree, ordererTree } from './tree.js';
export type { AuthorityKind, HolderTree, OrganisationTree } from './tree.js';
