export type { DistinguishedName, NameAttribute, RevocationReason, RevokedCertificate, Validity } from './asn1.js';
export { attributesOf, Authority } from './authority.js';
export type { AuthorityRequest, IdentityRequest, MspRole, RevocationListRequest, TlsRequest } from './authority.js';
export {
  certifyDevice,
  certifyOfficer,
  certifyOrganisation,
  certifyTechnician,
  createCalibrationRoot,
} from './calibration.js';
export type { CalibrationSubject } from './calibration.js';
export { PkiError } from './errors.js';
export type { PkiErrorCode } from './errors.js';
export { Staging } from './files.js';
export { ROLES_ATTRIBUTE } from './holderFactory.js';
export { validFor } from './issue.js';
export type { Issuer } from './issue.js';
export { generateKeyPair, privateKeyPem, readPrivateKey, readPublicKey } from './keys.js';
export type { KeyPair, PublicKeyInput } from './keys.js';
export { createRequest, readRequest } from './request.js';
export type { RequestedSubject } from './request.js';
export { admitNewAuthority, prepareNode, renewCertificates, renewNode, retireOldAuthority } from './rotation.js';
export { isLowS, signerOf, signLowS, toLowS } from './signature.js';
export type { SignBytes } from './signature.js';
export { writeCryptoConfig } from './cryptoConfig.js';
export { loadConsortiumMsps, loadMsp, loadSigningIdentity, loadTls } from './msp.js';
export type { MspMaterial, NodeOu, NodeOus, SigningIdentity, TlsMaterial } from './msp.js';
export { connectionProfileFile, writeConnectionProfiles } from './profile.js';
export type { PortsByHost } from './profile.js';
export { hostOf, memberTree, ordererTree } from './tree.js';
export type { AuthorityKind, HolderTree, OrganisationTree } from './tree.js';
