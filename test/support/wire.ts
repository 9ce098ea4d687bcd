/**
 * Protobuf's wire format without any schema, to damage messages at every level. A length-delimited field that reads as a
 * message is taken for one; whether it was meant so does not matter to somebody who sends garbage.
 */

interface Field {
  readonly number: number;
  readonly type: number;
  /** Where tag and value begin and end. */
  readonly start: number;
  readonly end: number;
  /** The content of a length-delimited field. */
  readonly content?: Buffer;
}

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;
const DEEPEST = 12;

/** The message damaged in each of its fields, one at a time, at every level. */
export function* damaged(message: Buffer, depth = 0): Generator<Buffer> {
  const fields = readFields(message) ?? [];
  for (const field of fields) {
    yield* damagedAt(message, field);
    if (field.content === undefined || depth === DEEPEST) continue;
    for (const content of damaged(field.content, depth + 1)) yield withContent(message, field, content);
  }
}

function* damagedAt(message: Buffer, field: Field): Generator<Buffer> {
  const [before, after] = [message.subarray(0, field.start), message.subarray(field.end)];
  // Left out; of another type than it should be; and for content: none, half of it, one byte too many.
  yield Buffer.concat([before, after]);
  if (field.content === undefined) {
    yield Buffer.concat([before, delimited(field.number, Buffer.from('text, not a number')), after]);
    return;
  }
  yield Buffer.concat([before, varint((field.number << 3) | VARINT), varint(7), after]);
  yield withContent(message, field, Buffer.alloc(0));
  yield withContent(message, field, field.content.subarray(0, field.content.length >> 1));
  yield withContent(message, field, Buffer.concat([field.content, Buffer.of(0xff)]));
}

function withContent(message: Buffer, field: Field, content: Buffer): Buffer {
  const [before, after] = [message.subarray(0, field.start), message.subarray(field.end)];
  return Buffer.concat([before, delimited(field.number, content), after]);
}

function readFields(message: Buffer): Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  while (at < message.length) {
    const field = readField(message, at);
    if (field === undefined) return undefined;
    fields.push(field);
    at = field.end;
  }
  return fields;
}

function readField(message: Buffer, start: number): Field | undefined {
  const tag = readVarint(message, start);
  if (tag === undefined) return undefined;
  const [number, type] = [tag.value >>> 3, tag.value & 7];
  if (number === 0) return undefined;
  if (type === VARINT) {
    const value = readVarint(message, tag.end);
    return value && { number, type, start, end: value.end };
  }
  if (type === FIXED64 || type === FIXED32) {
    const end = tag.end + (type === FIXED64 ? 8 : 4);
    return end > message.length ? undefined : { number, type, start, end };
  }
  const length = type === DELIMITED ? readVarint(message, tag.end) : undefined;
  if (length === undefined || length.end + length.value > message.length) return undefined;
  const end = length.end + length.value;
  return { number, type, start, end, content: message.subarray(length.end, end) };
}

function readVarint(message: Buffer, start: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let index = 0; index < 10 && start + index < message.length; index++) {
    const byte = message[start + index]!;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  return undefined;
}

function delimited(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | DELIMITED), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Buffer.from(bytes);
}
