export { parseCertificatePem, type Certificate } from './certificate.js';
export type { CertificateExtensions } from './extensions.js';
export { AccessError, denialText, type AccessErrorCode, type AccessErrorDetails } from './errors.js';
export { LruCache } from './lru.js';
export { Members } from './members.js';
export { identityOf, Msp, type Member } from './msp.js';
export type { NodeRole } from './msp.js';
export { checkSignature, type SignatureCheck } from './signature.js';
export type { Identity, SignedData } from './types.js';
