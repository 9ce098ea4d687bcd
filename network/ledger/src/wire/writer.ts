const utf8 = new TextEncoder();
const FIRST_CAPACITY = 64;

/** Collects the fields of one message in the same form that every Fabric library writes. */
export class Writer {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #length = 0;

  tag(number: number, wire: number): void {
    this.varint(number * 8 + wire);
  }

  /** Negative numbers take ten bytes, as protobuf requires. */
  varint(value: number): void {
    if (value < 0) {
      this.#negative(value);
      return;
    }
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#byte((rest % 0x80) | 0x80);
    this.#byte(rest);
  }

  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.raw(value);
  }

  /** Whole fields that are written already. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  string(value: string): void {
    this.bytes(utf8.encode(value));
  }

  /** Writes the bytes that `write` adds, preceded by their length. */
  nested(write: () => void): void {
    const start = this.#length;
    this.#byte(0);
    write();
    const length = this.#length - start - 1;
    if (length < 0x80) {
      this.#bytes[start] = length;
      return;
    }
    // The length needs more than the one byte that most lengths need.
    const content = this.#bytes.slice(start + 1, this.#length);
    this.#length = start;
    this.bytes(content);
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #negative(value: number): void {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 0x80n; rest >>= 7n) this.#byte(Number(rest & 0x7fn) | 0x80);
    this.#byte(Number(rest));
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
