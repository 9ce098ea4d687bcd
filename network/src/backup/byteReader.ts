import { damaged } from './tarHeader.js';

/** Reads given numbers of bytes from a stream. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Exactly this many bytes. @throws BackupError `BACKUP_INVALID` at the end of the stream */
  async read(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.parts(count)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** Exactly this many bytes, piece by piece. @throws BackupError `BACKUP_INVALID` at the end of the stream */
  async *parts(count: number): AsyncGenerator<Buffer> {
    let left = count;
    while (left > 0) {
      if (this.#rest.length === 0) this.#rest = await this.#next();
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  /** Reads to the end, so that the checksum of the compression is checked. @throws BackupError `BACKUP_INVALID` unless only zeros follow */
  async end(): Promise<void> {
    for (let part = this.#rest; ;) {
      if (part.some((byte) => byte !== 0)) throw damaged('something follows its end');
      const next = await this.#chunks.next();
      if (next.done === true) return;
      part = next.value;
    }
  }

  async #next(): Promise<Buffer> {
    const next = await this.#chunks.next();
    if (next.done === true) throw damaged('it ends too early');
    return next.value;
  }
}
