import { DerError, derLeading, expectTag, oidText, TAG, type DerValue } from '@tracecal/core/signing/der';

/** The arcs of an object identifier that Go reads have at most 31 bits. */
const MAX_ARC = 2 ** 31;

/**
 * Reads DER values one after the other, as Go's certificate parser does: whoever stops reading ignores what follows. Fabric accepts
 * certificates that say more than their form allows, so these must be read too.
 */
export class DerCursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  has(tag: number): boolean {
    return this.#bytes[this.#at] === tag;
  }

  any(): DerValue {
    const value = derLeading(this.#bytes.subarray(this.#at));
    this.#at += value.raw.length;
    return value;
  }

  take(tag: number): DerValue {
    return expectTag(this.any(), tag);
  }

  optional(tag: number): DerValue | undefined {
    return this.has(tag) ? this.take(tag) : undefined;
  }

  inside(tag: number): DerCursor {
    return new DerCursor(this.take(tag).content);
  }

  /** The content of an INTEGER, or of a tag that stands for one: two's complement in its shortest form. */
  integer(tag: number = TAG.integer): Uint8Array {
    const { content } = this.take(tag);
    const [first, second = 0] = content;
    const isLong = content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
    if (first === undefined || isLong) throw new DerError('a number that is not in its shortest form');
    return content;
  }

  /** A number of at most 64 bits; those that are not exact in JavaScript are larger than any that matters. */
  smallInteger(tag: number = TAG.integer): number {
    const content = this.integer(tag);
    if (content.length > 8) throw new DerError('a number is too large');
    const unsigned = content.reduce((sum, byte) => sum * 256 + byte, 0);
    return (content[0] ?? 0) < 0x80 ? unsigned : unsigned - 2 ** (8 * content.length);
  }

  boolean(): boolean {
    const { content } = this.take(TAG.boolean);
    const [value] = content;
    if (content.length !== 1 || (value !== 0 && value !== 0xff)) throw new DerError('not a boolean');
    return value !== 0;
  }

  oid(): string {
    const text = oidText(this.take(TAG.oid));
    const [root = 0, second = 0, ...rest] = text.split('.').map(Number);
    if ([root * 40 + second, ...rest].some((arc) => arc >= MAX_ARC))
      throw new DerError('an object identifier is too large');
    return text;
  }

  /** The bytes of a BIT STRING, moved to the right by the bits that are not used. */
  bits(): Uint8Array {
    const { content } = this.take(TAG.bitString);
    const unused = content[0] ?? 8;
    const bytes = content.subarray(1);
    const surplus = bytes.length === 0 ? unused : (bytes.at(-1) ?? 0) & ((1 << unused) - 1);
    if (unused > 7 || surplus !== 0) throw new DerError('not a bit string');
    if (unused === 0) return bytes;
    return bytes.map((byte, index) => (byte >> unused) | (((bytes[index - 1] ?? 0) << (8 - unused)) & 0xff));
  }
}
