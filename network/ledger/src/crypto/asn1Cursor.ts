import { DerError, derLeading, type DerValue } from '@tracecal/core/signing/der';

const LONG_TAG = 0x1f;
/** Go reads no longer values, and no larger tags. */
const MAX_LENGTH = 2 ** 31;
const MAX_TAG_BYTES = 5;

/**
 * Reads values one after the other, as Go's `encoding/asn1` does, with which Fabric reads revocation lists. Of a value that is not the
 * one that it looks for it reads tag and length only, of what stands behind the last one nothing.
 */
export class Asn1Cursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The next value, if it has one of these tags. @throws DerError if there is a value whose tag and length cannot be read */
  optional(...tags: readonly number[]): DerValue | undefined {
    if (this.atEnd) return undefined;
    const tag = this.#bytes[this.#at] ?? 0;
    if ((tag & LONG_TAG) === LONG_TAG) {
      checkLength(this.#bytes, afterLongTag(this.#bytes, this.#at + 1));
      return undefined;
    }
    checkLength(this.#bytes, this.#at + 1);
    if (!tags.includes(tag)) return undefined;
    const value = derLeading(this.#bytes.subarray(this.#at));
    this.#at += value.raw.length;
    return value;
  }

  /** The next value, which has one of these tags. */
  take(...tags: readonly number[]): DerValue {
    const value = this.optional(...tags);
    if (value === undefined) throw new DerError(`there is no value with one of the tags ${tags.join(', ')}`);
    return value;
  }

  inside(tag: number): Asn1Cursor {
    return new Asn1Cursor(this.take(tag).content);
  }

  /** What follows a tag and its length, whatever the length says: of a tag around another value Go does not use it. */
  within(tag: number): Asn1Cursor | undefined {
    if (this.#bytes[this.#at] !== tag) {
      this.optional();
      return undefined;
    }
    return new Asn1Cursor(this.#bytes.subarray(checkLength(this.#bytes, this.#at + 1)));
  }
}

/** @returns where the length begins */
function afterLongTag(bytes: Uint8Array, at: number): number {
  let number = 0;
  for (let index = 0; index < MAX_TAG_BYTES; index++) {
    const byte = bytes[at + index];
    if (byte === undefined || (index === 0 && byte === 0x80)) break;
    number = number * 128 + (byte & 0x7f);
    if (byte < 0x80 && number >= LONG_TAG && number < MAX_LENGTH) return at + index + 1;
    if (byte < 0x80) break;
  }
  throw new DerError('a long tag that Go does not read');
}

/** @returns where the content begins */
function checkLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === undefined) throw new DerError('a value without a length');
  if (first < 0x80) return at + 1;
  const size = first & 0x7f;
  const digits = bytes.subarray(at + 1, at + 1 + size);
  const length = digits.reduce((sum, byte) => sum * 256 + byte, 0);
  if (size === 0 || digits.length < size || digits[0] === 0 || length < 0x80 || length >= MAX_LENGTH) {
    throw new DerError('a length that Go does not read');
  }
  return at + 1 + size;
}
