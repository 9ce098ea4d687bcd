import { concatenate } from './bytes.js';

const utf8 = new TextEncoder();

/** Collects the fields of one message in the one form in which every library of Fabric writes them. */
export class Writer {
  readonly #parts: Uint8Array[] = [];

  tag(number: number, wire: number): void {
    this.varint(number * 8 + wire);
  }

  /** Negative numbers take ten bytes, as protobuf has it. */
  varint(value: number): void {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    this.#parts.push(Uint8Array.from(bytes));
  }

  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.#parts.push(value);
  }

  string(value: string): void {
    this.bytes(utf8.encode(value));
  }

  finish(): Uint8Array {
    return concatenate(...this.#parts);
  }
}
