/**
 * The bytes are not the expected message. The reader of the message catches this error and reports what could not be read.
 */
export class WireError extends Error {
  override readonly name = 'WireError';
}
