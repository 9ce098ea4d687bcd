/** The bytes are not the message that was expected. Whoever reads messages catches it and says what could not be read. */
export class WireError extends Error {
  override readonly name = 'WireError';
}
