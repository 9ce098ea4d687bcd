/** Longer records are seldom read again, and would fill the memory. */
const LONGEST_REMEMBERED = 16_384;
/** Bytes of records that are remembered at most; what they say is of the same order. */
const MOST_BYTES = 16 * 1024 * 1024;

interface Known {
  readonly bytes: Uint8Array;
  readonly value: unknown;
}

/**
 * What records say, by their keys: good as long as their bytes are the same. It changes speed, never an answer. What is
 * remembered is shared by all who read it, and frozen to its last part.
 */
export class ParsedRecords {
  readonly #known = new Map<string, Known>();
  #bytes = 0;

  /** Of a record that is there. Only a contract's own canonical JSON is ever read back: its types are known. */
  get(name: string, bytes: Uint8Array): unknown {
    if (bytes.length > LONGEST_REMEMBERED) {
      return parse(bytes);
    }
    const known = this.#known.get(name);
    if (known && Buffer.compare(known.bytes, bytes) === 0) {
      return known.value;
    }
    const value = parse(bytes, frozen);
    this.#remember(name, { bytes: Uint8Array.from(bytes), value });
    return value;
  }

  #remember(name: string, record: Known): void {
    this.#forget(name);
    this.#known.set(name, record);
    this.#bytes += record.bytes.length;
    for (const oldest of this.#known.keys()) {
      if (this.#bytes <= MOST_BYTES) {
        break;
      }
      this.#forget(oldest);
    }
  }

  #forget(name: string): void {
    const known = this.#known.get(name);
    if (known) {
      this.#known.delete(name);
      this.#bytes -= known.bytes.length;
    }
  }
}

export function parse(bytes: Uint8Array, revive?: (name: string, value: unknown) => unknown): unknown {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'), revive) as unknown;
}

function frozen(_name: string, value: unknown): unknown {
  return Object.freeze(value);
}
