/** Prefix of a gRPC message: one byte for compression, four for the length. */
const PREFIX_BYTES = 5;

/** One message with its prefix. */
export function frame(message: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  bytes[0] = 0;
  bytes.writeUInt32BE(message.length, 1);
  bytes.set(message, PREFIX_BYTES);
  return bytes;
}

/** Joins received chunks to messages. */
export class FrameReader {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #available = 0;
  /** Number of bytes needed for the next step. */
  #wanted = PREFIX_BYTES;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The messages that a chunk completes.
   * @throws when a message is compressed or too large
   */
  read(chunk: Buffer): readonly Buffer[] {
    this.#chunks.push(chunk);
    this.#available += chunk.length;
    // Chunks of a long message are joined only once it is complete: joining them one by one would copy it repeatedly.
    if (this.#available < this.#wanted) return [];
    const messages: Buffer[] = [];
    let rest = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#available);
    this.#wanted = PREFIX_BYTES;
    while (rest.length >= PREFIX_BYTES) {
      const end = this.#endOfFirst(rest);
      if (rest.length < end) {
        this.#wanted = end;
        break;
      }
      messages.push(rest.subarray(PREFIX_BYTES, end));
      rest = rest.subarray(end);
    }
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#available = rest.length;
    return messages;
  }

  #endOfFirst(bytes: Buffer): number {
    const length = bytes.readUInt32BE(1);
    if (bytes[0] !== 0 || length > this.#maxBytes) {
      throw new Error('the chaincode sent a message that is compressed or too large');
    }
    return PREFIX_BYTES + length;
  }
}
