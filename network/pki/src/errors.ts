export type PkiErrorCode =
  | 'KEY_UNSUPPORTED'
  | 'KEY_MISMATCH'
  | 'SIGNATURE_MALFORMED'
  | 'MATERIAL_MISSING'
  | 'MATERIAL_MALFORMED'
  | 'AUTHORITY_KEY_MISSING'
  | 'REQUEST_INVALID';

/** Keys or certificates are missing, malformed or do not belong together. Never contains key material. */
export class PkiError extends Error {
  readonly code: PkiErrorCode;

  constructor(code: PkiErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PkiError';
    this.code = code;
  }
}
