import { BinaryReader } from 'google-protobuf';
import { isUtf8 } from 'node:buffer';

/**
 * google-protobuf believes the length that a string or an inner message claims, without looking where the bytes end: six
 * bytes from a stranger (a string of 32 GiB) keep it busy for minutes. This puts the missing check in front, for every
 * message that this process reads, and refuses strings that are not UTF-8, as Fabric does.
 */
interface Span {
  /** Bytes that the length itself takes. */
  readonly lengthBytes: number;
  readonly length: number;
}

/** The length-delimited field at the reader's cursor. @throws when it goes beyond the bytes */
function spanOf(reader: BinaryReader): Span {
  if (!reader.isDelimited()) throw new Error('a field has another wire type than its message says');
  const bytes = reader.getBuffer();
  const start = reader.getCursor();
  let length = 0;
  for (let size = 0; size < 5; size++) {
    const byte = bytes[start + size];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * size);
    if (byte < 0x80 && length <= bytes.length - start - size - 1) return { lengthBytes: size + 1, length };
  }
  throw new Error('a field goes beyond the end of its message');
}

function readString(this: BinaryReader): string {
  const { lengthBytes, length } = spanOf(this);
  const bytes = this.getBuffer();
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + this.getCursor() + lengthBytes, length);
  if (!isUtf8(text)) throw new Error('a string is not UTF-8');
  this.advance(lengthBytes + length);
  return text.toString('utf8');
}

const readWithoutCheck = BinaryReader.prototype.readMessage;

function readMessage(this: BinaryReader, ...message: Parameters<BinaryReader['readMessage']>): void {
  spanOf(this);
  readWithoutCheck.apply(this, message);
}

BinaryReader.prototype.readString = readString;
BinaryReader.prototype.readMessage = readMessage;
