import { concatenate, NO_BYTES, sameBytes } from './bytes.js';
import { WireError } from './error.js';
import type { Field } from './fields.js';
import { Reader } from './reader.js';
import { Writer } from './writer.js';

/**
 * A kind of protobuf message: its fields by name. It reads like Fabric's own library: unknown fields are skipped, the last
 * of several values counts, and parts of an inner message are merged.
 */
export interface Message<T> {
  /** @throws WireError if the bytes are not such a message */
  decode(bytes: Uint8Array): T;
  /**
   * Reads bytes in canonical form only: no unknown field, no other order, nothing repeated. Only that form is safe if a
   * signature covers bytes that could be divided differently.
   * @throws WireError if they are in another form, or not such a message
   */
  decodeExact(bytes: Uint8Array): T;
  /**
   * Reads bytes in the form that Fabric's library writes: the known fields in canonical form, then the unknown fields as they were
   * received. A signature can cover such bytes too: a known field cannot be taken for an unknown one. Only for messages without inner
   * messages.
   * @throws WireError if they are in another form, or not such a message
   */
  decodeWellFormed(bytes: Uint8Array): T;
  encode(value: Partial<T>): Uint8Array;
  writeInto(writer: Writer, value: Partial<T>): void;
  /** Merges the reader's fields into a value that may already exist. */
  readInto(reader: Reader, before: T | undefined): T;
}

type Fields<T> = { readonly [K in keyof T]: Field<T[K]> };

/** Fields that a message does not define, as Fabric's library keeps them: in the order in which they came. */
export interface Unknown {
  readonly unknown?: Uint8Array;
}

/** Merges the reader's fields into a value that may already exist. */
type Read<T> = (reader: Reader, before: T | undefined) => T;

/**
 * Describes a message; its fields are in the order of their numbers.
 *
 * @param read How it is read without recursion, if messages of this kind contain one another.
 */
export function message<T>(fields: Fields<T>, read?: Read<T>): Message<T> {
  return new DescribedMessage(fields, { read });
}

/** The same of a message whose unknown fields are passed on. */
export function messageWithUnknown<T>(fields: Fields<T>, read?: Read<T & Unknown>): Message<T & Unknown> {
  return new DescribedMessage<T & Unknown>(fields as Fields<T & Unknown>, { read, keepsUnknown: true });
}

class DescribedMessage<T> implements Message<T> {
  readonly #fields: Fields<T>;
  readonly #names: readonly (keyof T)[];
  readonly #byNumber: ReadonlyMap<number, keyof T>;
  readonly #empty: T;
  readonly #read: Read<T> | undefined;
  readonly #keepsUnknown: boolean;

  constructor(
    fields: Fields<T>,
    { read, keepsUnknown = false }: { readonly read?: Read<T> | undefined; readonly keepsUnknown?: boolean },
  ) {
    this.#fields = fields;
    this.#read = read;
    this.#keepsUnknown = keepsUnknown;
    this.#names = Object.keys(fields) as (keyof T)[];
    this.#empty = Object.fromEntries(this.#names.map((name) => [name, fields[name].empty])) as T;
    this.#byNumber = new Map(this.#names.map((name) => [fields[name].number, name]));
  }

  decode(bytes: Uint8Array): T {
    return this.readInto(new Reader(bytes), undefined);
  }

  decodeExact(bytes: Uint8Array): T {
    const value = this.decode(bytes);
    if (!sameBytes(this.encode(value), bytes)) throw new WireError('a message is not in its canonical form');
    return value;
  }

  decodeWellFormed(bytes: Uint8Array): T {
    const value = this.decode(bytes);
    const known = this.encode(value);
    const isAhead = sameBytes(known, bytes.subarray(0, known.length));
    if (!isAhead || !this.#hasOnlyUnknown(bytes.subarray(known.length))) {
      throw new WireError('a message is not in the form that Fabric writes');
    }
    return value;
  }

  encode(value: Partial<T>): Uint8Array {
    const writer = new Writer();
    this.writeInto(writer, value);
    return writer.finish();
  }

  writeInto(writer: Writer, value: Partial<T>): void {
    for (const name of this.#names) {
      const content = value[name];
      if (content !== undefined) this.#fields[name].write(writer, content);
    }
    const { unknown } = value as Unknown;
    if (this.#keepsUnknown && unknown !== undefined) writer.raw(unknown);
  }

  readInto(reader: Reader, before: T | undefined): T {
    return this.#read ? this.#read(reader, before) : this.#readFields(reader, before);
  }

  #readFields(reader: Reader, before: T | undefined): T {
    const value: T = { ...(before ?? this.#empty) };
    let unknown: Writer | undefined;
    while (!reader.atEnd) {
      const { number, wire } = reader.tag();
      const name = this.#byNumber.get(number);
      const field = name === undefined ? undefined : this.#fields[name];
      if (name === undefined || field?.wire !== wire) {
        const start = reader.position;
        reader.skip(number, wire);
        if (!this.#keepsUnknown) continue;
        unknown ??= new Writer();
        unknown.tag(number, wire);
        unknown.raw(reader.since(start));
        continue;
      }
      value[name] = field.read(reader, value[name]);
      if (field.group !== undefined) this.#clearOthers(value, name, field.group);
    }
    if (unknown === undefined) return value;
    return { ...value, unknown: concatenate((value as Unknown).unknown ?? NO_BYTES, unknown.finish()) };
  }

  /** Fabric's library writes the tag of an unknown field anew, in its shortest form, and keeps the content as it is. */
  #hasOnlyUnknown(bytes: Uint8Array): boolean {
    const reader = new Reader(bytes);
    while (!reader.atEnd) {
      const start = reader.position;
      const { number, wire } = reader.tag();
      const shortest = new Writer();
      shortest.tag(number, wire);
      const isShortest = reader.position - start === shortest.finish().length;
      const name = this.#byNumber.get(number);
      if (!isShortest || (name !== undefined && this.#fields[name].wire === wire)) return false;
      reader.skip(number, wire);
    }
    return true;
  }

  /** If several alternatives of a group occur, the last one counts. */
  #clearOthers(value: T, chosen: keyof T, group: string): void {
    for (const name of this.#names) {
      if (name !== chosen && this.#fields[name].group === group) value[name] = this.#fields[name].empty;
    }
  }
}
