export * from './certificate.js';
export * from './der.js';
export * from './ecdsa.js';
export * from './jws.js';
