import { WireError } from './error.js';

/** Wire types. The other two, groups, are only skipped. */
export const WIRE = { varint: 0, fixed64: 1, delimited: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

const MAX_FIELD_NUMBER = 2 ** 29 - 1;
/** Go reads larger ones within a group, where it only skips fields. */
const MAX_FIELD_NUMBER_IN_GROUP = 2 ** 31 - 1;
/** Groups within one another, as many as Go skips. */
const MAX_GROUPS = 10_001;
const MAX_VARINT_BYTES = 10;
/** Deeper nesting is an attempt to overflow the stack of whoever reads with recursion. */
const MAX_DEPTH = 100;
/** As many messages within one another as Go reads, for messages that are read without recursion. */
export const MAX_DEPTH_OF_GO = 9_999;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads the fields of one message, each within the bytes of the enclosing message. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #depth: number;
  #at = 0;

  constructor(bytes: Uint8Array, depth = 0) {
    if (depth > MAX_DEPTH) throw new WireError('messages are nested too deep');
    this.#bytes = bytes;
    this.#depth = depth;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Within how many messages it reads. */
  get depth(): number {
    return this.#depth;
  }

  /** How many bytes have been read. */
  get position(): number {
    return this.#at;
  }

  /** What has been read since a position. */
  since(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#at);
  }

  tag(largest = MAX_FIELD_NUMBER): { readonly number: number; readonly wire: number } {
    const tag = this.number();
    const number = Math.floor(tag / 8);
    if (number === 0 || number > largest) throw new WireError('a field number is out of range');
    return { number, wire: tag % 8 };
  }

  /** An unsigned number. @throws WireError beyond what a JavaScript number holds exactly */
  number(): number {
    const value = this.varint();
    if (typeof value === 'number') return value;
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new WireError('a number is too large');
    return Number(value);
  }

  /** A 64-bit number; small ones avoid the cost of a BigInt. */
  varint(): number | bigint {
    const start = this.#at;
    let small = 0;
    for (let index = 0; index < MAX_VARINT_BYTES; index++) {
      const byte = this.#bytes[start + index];
      if (byte === undefined) break;
      small += (byte & 0x7f) * 2 ** (7 * index);
      if (byte >= 0x80) continue;
      this.#at = start + index + 1;
      return index < 7 ? small : this.#large(start, index);
    }
    throw new WireError('a number does not end');
  }

  #large(start: number, last: number): bigint {
    let value = 0n;
    for (let index = last; index >= 0; index--) {
      value = (value << 7n) | BigInt((this.#bytes[start + index] ?? 0) & 0x7f);
    }
    if (value >> 64n !== 0n) throw new WireError('a number has more than 64 bits');
    return value;
  }

  bytes(): Uint8Array {
    return this.#take(this.number());
  }

  string(): string {
    try {
      return utf8.decode(this.bytes());
    } catch (cause) {
      throw cause instanceof WireError ? cause : new WireError('a string is not UTF-8', { cause });
    }
  }

  inner(): Reader {
    return new Reader(this.bytes(), this.#depth + 1);
  }

  /** Skips a field that the message does not define. */
  skip(number: number, wire: number): void {
    if (wire === WIRE.varint) this.varint();
    else if (wire === WIRE.fixed64) this.#take(8);
    else if (wire === WIRE.delimited) this.bytes();
    else if (wire === WIRE.fixed32) this.#take(4);
    else if (wire === WIRE.startGroup) this.#skipGroup(number);
    else throw new WireError('a field is of an unknown wire type');
  }

  /** Without recursion: a sender decides how deep groups are nested. */
  #skipGroup(outermost: number): void {
    for (const open = [outermost]; open.length > 0;) {
      const { number, wire } = this.tag(MAX_FIELD_NUMBER_IN_GROUP);
      if (wire === WIRE.startGroup) {
        if (open.push(number) > MAX_GROUPS) throw new WireError('groups are nested too deep');
      } else if (wire === WIRE.endGroup) {
        if (open.pop() !== number) throw new WireError('a group ends as another one');
      } else this.skip(number, wire);
    }
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new WireError('a field goes beyond the end of its message');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
