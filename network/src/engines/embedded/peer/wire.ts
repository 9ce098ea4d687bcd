import { isUtf8 } from 'node:buffer';

/**
 * A minimal protobuf codec for the shim's hot path: a chaincode makes dozens of calls for each transaction, and the generated classes cost
 * more than the ledger. All input comes from a chaincode, so bounds are checked.
 */

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** The bytes are not a protobuf message. */
export class WireError extends Error {}

/** Iterates over the fields of one message. `bytes` returns views of the buffer, not copies. */
export class WireReader {
  readonly #buffer: Buffer;
  #position = 0;
  #wireType = VARINT;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The number of the next field, or 0 at the end of the message. */
  next(): number {
    if (this.#position >= this.#buffer.length) return 0;
    const tag = this.#varint();
    this.#wireType = tag & 7;
    const field = tag >>> 3;
    if (field === 0) throw new WireError('field number 0');
    return field;
  }

  uint32(): number {
    if (this.#wireType !== VARINT) throw new WireError('expected a number');
    return this.#varint();
  }

  bytes(): Buffer {
    const [start, end] = this.#span();
    return this.#buffer.subarray(start, end);
  }

  string(): string {
    const text = this.bytes();
    // Two keys that differ only in invalid characters must not become equal.
    if (!isUtf8(text)) throw new WireError('a string is not UTF-8');
    return text.toString('utf8');
  }

  skip(): void {
    switch (this.#wireType) {
      case VARINT:
        this.#varint();
        return;
      case BYTES:
        this.#span();
        return;
      case FIXED64:
        this.#advance(8);
        return;
      case FIXED32:
        this.#advance(4);
        return;
      default:
        throw new WireError(`wire type ${this.#wireType}`);
    }
  }

  #span(): [number, number] {
    if (this.#wireType !== BYTES) throw new WireError('expected bytes');
    const length = this.#varint();
    const start = this.#position;
    this.#advance(length);
    return [start, this.#position];
  }

  #advance(length: number): void {
    if (length > this.#buffer.length - this.#position) throw new WireError('truncated');
    this.#position += length;
  }

  /** The low 32 bits; higher bits are skipped, because enum values and lengths never need them. */
  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#buffer[this.#position++];
      if (byte === undefined) throw new WireError('truncated');
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new WireError('varint too long');
  }
}

function varintSize(value: number): number {
  let size = 1;
  while (value > 0x7f) {
    value >>>= 7;
    size++;
  }
  return size;
}

/** Size on the wire of a length-delimited field with a number below 16; empty fields are left out, as proto3 does. */
export function fieldSize(length: number): number {
  return length === 0 ? 0 : elementSize(length);
}

/** Size on the wire of an element of a repeated field with a number below 16. */
export function elementSize(length: number): number {
  return 1 + varintSize(length) + length;
}

/** Writes fields with numbers below 16 into a buffer of known size. */
export class WireWriter {
  readonly buffer: Buffer;
  #position = 0;

  constructor(size: number) {
    this.buffer = Buffer.allocUnsafe(size);
  }

  uint32(field: number, value: number): this {
    this.buffer[this.#position++] = field << 3;
    this.#varint(value);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    return value.length === 0 ? this : this.element(field, value);
  }

  /** An element of a repeated field; written even if it is empty. */
  element(field: number, value: Uint8Array): this {
    this.#header(field, value.length);
    this.buffer.set(value, this.#position);
    this.#position += value.length;
    return this;
  }

  string(field: number, value: string, byteLength: number): this {
    if (byteLength === 0) return this;
    this.#header(field, byteLength);
    this.#position += this.buffer.write(value, this.#position, 'utf8');
    return this;
  }

  #header(field: number, length: number): void {
    this.buffer[this.#position++] = (field << 3) | BYTES;
    this.#varint(length);
  }

  #varint(value: number): void {
    while (value > 0x7f) {
      this.buffer[this.#position++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    this.buffer[this.#position++] = value;
  }
}

export { varintSize };
