export { isTokenName, tokenOptions } from './tokenName.js';
export { pkcs11Key, pkcs11Signer } from './pkcs11Signer.js';
export type { Pkcs11Options } from './pkcs11Options.js';
