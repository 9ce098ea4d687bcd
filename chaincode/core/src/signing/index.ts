export * from './certificate.js';
export type { P256Key } from '../platform/p256Key.js';
export type { CertificateRole } from './certificateProfile.js';
export * from './der.js';
export * from './ecdsa.js';
export * from './jws.js';
export * from './merkle.js';
