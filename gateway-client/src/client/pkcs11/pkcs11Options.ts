/** A P-256 key in a token. Of token, serial number and slot, and of label and id, at least one each. */
export interface Pkcs11Options {
  /** The PKCS #11 library of the token's maker. */
  readonly module: string;
  /** The token's label. */
  readonly token?: string;
  readonly serial?: string;
  readonly slot?: number;
  /** The key's label (CKA_LABEL). */
  readonly label?: string;
  /** The key's id (CKA_ID). */
  readonly id?: Uint8Array;
  readonly pin: string;
  /** PEM file of the certificate; default: the one in the token that has the key's id. */
  readonly certificate?: string;
}
