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
export { validFor } from './issue.js';
export type { Issuer } from './issue.js';
export { generateKeyPair, privateKeyPem, readPrivateKey, readPublicKey } from './keys.js';
export type { KeyPair, PublicKeyInput } from './keys.js';
export { createRequest, readRequest } from './request.js';
export type { RequestedSubject } from './request.js';
export { isLowS, signerOf, signLowS, toLowS } from './signature.js';
export type { SignBytes } from './signature.js';
