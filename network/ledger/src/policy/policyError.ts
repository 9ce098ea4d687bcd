/**
 * Why a text in the signature policy language cannot be read, or a policy cannot be written in it. The message is one
 * sentence.
 */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}
