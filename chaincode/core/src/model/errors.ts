/** Every reason why a contract refuses input or a request. Codes are API: they never change meaning. */
export const REGISTRY_ERROR_CODES = [
  'JSON_INVALID',
  'JSON_TOO_LARGE',
  'INPUT_INVALID',
  /** A statement or a record is of a type or version that this version of TraceCal does not know. */
  'VERSION_UNKNOWN',
  'CERTIFICATE_INVALID',
  'SIGNATURE_INVALID',
  'NOT_AUTHORISED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PARENT_UNUSABLE',
  /** What a report states about its results cannot be true: every trace would fail it. */
  'RESULT_REFUSED',
  'STANDING_INVALID',
  'TIME_INVALID',
  'WRONG_REGISTRY',
  /** A contract of a higher level that this one needs cannot be queried on this peer. */
  'SOURCE_UNAVAILABLE',
  /** A fault of the contract itself; details are in its log only. */
  'INTERNAL',
] as const;
export type RegistryErrorCode = (typeof REGISTRY_ERROR_CODES)[number];

/**
 * A refusal with a stable code and one sentence that says what is wrong and what to do.
 * Chaincode errors travel as text; `toString` puts the code first so that a client can recover it.
 */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';

  constructor(
    readonly code: RegistryErrorCode,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** The sentence of a refusal, without its code. */
export function refusalText({ message }: RegistryError): string {
  const sentence = message.replace(/^[A-Z_]+: /, '');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/**
 * Whether an error means that a recorded item is unsound: a reader then continues without it. An item of an unknown version
 * may contain anything, even a revocation, so a reader must not continue without it.
 */
export function isUnsound(error: unknown): error is RegistryError {
  return error instanceof RegistryError && error.code !== 'VERSION_UNKNOWN';
}
