export type BlockErrorCode =
  | 'MALFORMED_BLOCK'
  | 'BROKEN_CHAIN'
  | 'WRONG_DATA'
  | 'WRONG_METADATA'
  | 'WRONG_CONFIG'
  | 'UNSIGNED_CONFIG'
  | 'NO_QUORUM';

/** Why a block was refused. The `code` is stable; the message is one sentence. */
export class BlockError extends Error {
  override readonly name = 'BlockError';
  readonly code: BlockErrorCode;

  constructor(code: BlockErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
