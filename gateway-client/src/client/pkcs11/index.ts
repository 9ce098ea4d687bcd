export { isTokenName, tokenOptions } from './tokenName.js';
export { pkcs11Key, pkcs11Signer, type Pkcs11Options } from './pkcs11Signer.js';
