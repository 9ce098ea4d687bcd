import { frozen, MOST_REMEMBERED, weigh } from '@tracecal/core/model';
import { recordIn } from '@tracecal/core/registry';
import type { Key } from '@tracecal/core/registry';

/** Longest record that is cached, so that one record cannot push out all others. */
const LONGEST_REMEMBERED = MOST_REMEMBERED / 8;

interface Known {
  readonly bytes: Uint8Array;
  readonly value: unknown;
}

/**
 * Cache of parsed records by key, valid while the bytes are the same. It changes speed, never an answer. Cached values are
 * shared by all readers and deeply frozen.
 */
export class ParsedRecords {
  readonly #known = new Map<string, Known>();
  #bytes = 0;

  /** For a record that exists. @throws RegistryError `VERSION_UNKNOWN` */
  get(name: string, bytes: Uint8Array, key: Key): unknown {
    if (bytes.length > LONGEST_REMEMBERED) {
      return recordIn(bytes, key);
    }
    const known = this.#known.get(name);
    if (known && Buffer.compare(known.bytes, bytes) === 0) {
      this.#remember(name, known);
      return known.value;
    }
    const value = frozen(recordIn(bytes, key));
    weigh(value, bytes.length);
    this.#remember(name, { bytes: Uint8Array.from(bytes), value });
    return value;
  }

  /** Moves the entry to the end, so that it is forgotten last. */
  #remember(name: string, record: Known): void {
    this.#forget(name);
    this.#known.set(name, record);
    this.#bytes += record.bytes.length;
    for (const oldest of this.#known.keys()) {
      if (this.#bytes <= MOST_REMEMBERED) {
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
