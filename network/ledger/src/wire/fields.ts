import { NO_BYTES } from './bytes.js';
import type { Message } from './message.js';
import { WIRE, type Reader } from './reader.js';
import type { Writer } from './writer.js';

/** One field of a message: how to read it, and how to write it unless it is empty. */
export interface Field<T> {
  readonly number: number;
  readonly wire: number;
  readonly empty: T;
  /** Alternatives of which at most one is present have the same group. */
  readonly group?: string;
  /** @param before the message's value so far */
  read(reader: Reader, before: T): T;
  write(writer: Writer, value: T): void;
}

/** A value that is written if it is not the default. */
interface Plain<T> extends Field<T> {
  readonly put: (writer: Writer, value: T) => void;
}

function plain<T>(
  number: number,
  wire: number,
  empty: T,
  take: (reader: Reader) => T,
  put: (writer: Writer, value: T) => void,
  isEmpty: (value: T) => boolean = (value) => value === empty,
): Plain<T> {
  return {
    number,
    wire,
    empty,
    read: take,
    put,
    write: (writer, value) => {
      if (isEmpty(value)) return;
      writer.tag(number, wire);
      put(writer, value);
    },
  };
}

const putNumber = (writer: Writer, value: number): void => {
  writer.varint(value);
};

export const uint32 = (number: number): Plain<number> =>
  plain(number, WIRE.varint, 0, (reader) => Number(BigInt.asUintN(32, BigInt(reader.varint()))), putNumber);

/**
 * Numbers of blocks, transactions and versions. All that occur are exact as a JavaScript number. Anybody can send a larger one, which
 * Fabric reads: it is read as the largest exact number, which no block has.
 */
export const uint64 = (number: number): Plain<number> =>
  plain(number, WIRE.varint, 0, (reader) => exactNumber(reader.varint()), putNumber);

export const int64 = (number: number): Plain<number> =>
  plain(number, WIRE.varint, 0, (reader) => exactNumber(BigInt.asIntN(64, BigInt(reader.varint()))), putNumber);

function exactNumber(value: number | bigint): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(value)));
}

/** Also for enumerations, which are open in the wire format. */
export const int32 = (number: number): Plain<number> =>
  plain(number, WIRE.varint, 0, (reader) => Number(BigInt.asIntN(32, BigInt(reader.varint()))), putNumber);

export const bool = (number: number): Plain<boolean> =>
  plain(
    number,
    WIRE.varint,
    false,
    (reader) => BigInt(reader.varint()) !== 0n,
    (writer, value) => {
      writer.varint(value ? 1 : 0);
    },
  );

export const string = (number: number): Plain<string> =>
  plain(
    number,
    WIRE.delimited,
    '',
    (reader) => reader.string(),
    (writer, value) => {
      writer.string(value);
    },
  );

export const bytes = (number: number): Plain<Uint8Array> =>
  plain(
    number,
    WIRE.delimited,
    NO_BYTES,
    (reader) => reader.bytes(),
    (writer, value) => {
      writer.bytes(value);
    },
    (value) => value.length === 0,
  );

/** An inner message; `kind` is a function if messages contain one another. */
export function inner<T>(number: number, kind: () => Message<T>): Field<T | undefined> {
  return {
    number,
    wire: WIRE.delimited,
    empty: undefined,
    read: (reader, before) => kind().readInto(reader.inner(), before),
    write: (writer, value) => {
      if (value === undefined) return;
      writer.tag(number, WIRE.delimited);
      writer.nested(() => {
        kind().writeInto(writer, value);
      });
    },
  };
}

/** One of several alternatives: present or absent, whatever its value. */
export function oneOf<T>(group: string, field: Plain<T> | Field<T>): Field<T | undefined> {
  const put = 'put' in field ? field.put : undefined;
  return {
    number: field.number,
    wire: field.wire,
    empty: undefined,
    group,
    read: (reader, before) => field.read(reader, before ?? field.empty),
    write: (writer, value) => {
      if (value === undefined) return;
      if (put === undefined) {
        field.write(writer, value);
        return;
      }
      writer.tag(field.number, field.wire);
      put(writer, value);
    },
  };
}

/** Any number of values, empty ones too. */
export function repeated<T>(field: Plain<T>): Field<readonly T[]> {
  return list(
    field.number,
    (reader) => field.read(reader, field.empty),
    (writer, value) => {
      field.put(writer, value);
    },
  );
}

/** Any number of inner messages. */
export function repeatedInner<T>(number: number, kind: () => Message<T>): Field<readonly T[]> {
  return list(
    number,
    (reader) => kind().readInto(reader.inner(), undefined),
    (writer, value) => {
      writer.nested(() => {
        kind().writeInto(writer, value);
      });
    },
  );
}

function list<T>(
  number: number,
  take: (reader: Reader) => T,
  put: (writer: Writer, value: T) => void,
): Field<readonly T[]> {
  const empty: readonly T[] = [];
  return {
    number,
    wire: WIRE.delimited,
    empty,
    read: (reader, before) => {
      // Only the shared empty list must not be changed: a list created here has no other user.
      const values = before === empty ? [] : (before as T[]);
      values.push(take(reader));
      return values;
    },
    write: (writer, values) => {
      for (const value of values) {
        writer.tag(number, WIRE.delimited);
        put(writer, value);
      }
    },
  };
}

/** Inner messages by name; written in the order in which they were read. */
export function mapOf<T>(number: number, kind: () => Message<T>): Field<ReadonlyMap<string, T>> {
  const key = string(1);
  const value = inner(2, kind);
  const empty: ReadonlyMap<string, T> = new Map();
  return {
    number,
    wire: WIRE.delimited,
    empty,
    read: (reader, before) => {
      const entry = reader.inner();
      let name = '';
      let content: T | undefined;
      while (!entry.atEnd) {
        const tag = entry.tag();
        if (tag.number === key.number && tag.wire === key.wire) name = key.read(entry, name);
        else if (tag.number === value.number && tag.wire === value.wire) content = value.read(entry, content);
        else entry.skip(tag.number, tag.wire);
      }
      const entries = before === empty ? new Map<string, T>() : (before as Map<string, T>);
      return entries.set(name, content ?? kind().decode(NO_BYTES));
    },
    write: (writer, entries) => {
      for (const [name, content] of entries) {
        writer.tag(number, WIRE.delimited);
        writer.nested(() => {
          writer.tag(key.number, key.wire);
          writer.string(name);
          value.write(writer, content);
        });
      }
    },
  };
}
