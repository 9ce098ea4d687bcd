import { BinaryReader } from 'google-protobuf';
import { isUtf8 } from 'node:buffer';

/**
 * google-protobuf trusts the claimed length of a string or an inner message without checking where the bytes end: six bytes from an
 * untrusted sender (a string of 32 GiB) keep it busy for minutes. This adds the missing check for every message that this process reads,
 * refuses strings that are not UTF-8, as Fabric does, and limits the number of fields in messages from untrusted senders.
 */
interface Span {
  /** Number of bytes of the length itself. */
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

/**
 * Limit of fields in a message whose signature has not been checked, including inner messages: real signed data has a few dozen. Tiny
 * fields take two bytes each, so a large message of them would keep the process busy for a minute.
 */
const MAX_FIELDS = 10_000;
let fieldsLeft = Infinity;

/**
 * Parses an untrusted message.
 * @throws when it has more fields than any real message
 */
export function fromStranger<T>(parse: () => T): T {
  const before = fieldsLeft;
  fieldsLeft = MAX_FIELDS;
  try {
    return parse();
  } finally {
    fieldsLeft = before;
  }
}

type NextField = (this: BinaryReader) => boolean;
const methods = BinaryReader.prototype as unknown as Record<string, unknown>;
const nextWithoutCheck = methods['nextField'] as NextField;

function nextField(this: BinaryReader): boolean {
  if (fieldsLeft-- <= 0) throw new Error('the message has too many fields');
  return nextWithoutCheck.call(this);
}

// The minified library uses a shorter name where it skips groups and reads maps.
for (const name of Object.getOwnPropertyNames(BinaryReader.prototype)) {
  if (methods[name] === nextWithoutCheck) methods[name] = nextField;
}
BinaryReader.prototype.readString = readString;
BinaryReader.prototype.readMessage = readMessage;
