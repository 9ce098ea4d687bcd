export type ConfigErrorCode = 'BAD_UPDATE' | 'UPDATE_REFUSED';

/** Why an update does not produce a new configuration. The `code` is stable; the message is one sentence. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code: ConfigErrorCode;

  constructor(code: ConfigErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
