export { isIssuedBy, isOf, isValidOn, readCertificate } from './certificate.js';
export type { CalibrationCertificate } from './certificate.js';
export type { P256Key } from '../platform/p256Key.js';
export type { CertificateContent, CertificateRole } from './certificateProfile.js';
export {
  bigEndian,
  derChildren,
  DerError,
  derTime,
  expectTag,
  integerMagnitude,
  oidText,
  positiveMagnitude,
  readDer,
  TAG,
  writeDer,
  writeUnsigned,
} from './der.js';
export type { DerValue } from './der.js';
export { derSignature, isLowSDer, rawSignature, verifyP256, withLowS } from './ecdsa.js';
export { spokenFingerprint } from './fingerprint.js';
export {
  claimedSigners,
  isSignedBy,
  jwsPayload,
  jwsSignature,
  payloadDigest,
  payloadText,
  signerName,
  signingInput,
} from './jws.js';
export type { SignerKind } from './jws.js';
export { leafHash, merklePath, merkleRoot, rootOf } from './merkle.js';
export { signedContent } from './signedContent.js';
export { disclose, openDisclosure, sealedDigest, sealResults } from './sealed.js';
export type { DisclosedReport, Sealed, Shown } from './sealed.js';
